import type { UploadItem } from '../../../artifacts/index.js';
import { itemIdOf } from '../../../execution-adapter/index.js';

/** An upload as clients of this protocol know it. */
export interface UploadItemInfo {
  itemID: string;
  itemName: string;
  description: string;
  /** Milliseconds since 1970. */
  date: number;
  committed: boolean;
}

export const describeUpload = (item: UploadItem): UploadItemInfo => ({
  itemID: itemIdOf(item.id),
  itemName: item.fileName ?? '',
  description: item.description ?? '',
  date: item.createdAt.getTime(),
  committed: item.committed,
});
