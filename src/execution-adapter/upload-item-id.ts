/** Uploads as clients of Esri know them: "i" and the 32 digits of the id. */
export const itemIdOf = (uploadId: string): string => `i${uploadId.replaceAll('-', '')}`;

/** Undefined for what is no such id. */
export function uploadIdOf(itemId: string): string | undefined {
  const parts = /^i([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i.exec(itemId);
  return parts?.slice(1).join('-').toLowerCase();
}
