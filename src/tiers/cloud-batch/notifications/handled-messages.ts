/** Ids of messages that are done with: the last `most`, so that one that SNS sends again, or somebody else, is done with too. */
export class HandledMessages {
  private readonly ids = new Set<string>();

  constructor(private readonly most: number) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string): void {
    this.ids.add(id);
    for (const oldest of this.ids) {
      if (this.ids.size <= this.most) break;
      this.ids.delete(oldest);
    }
  }
}
