/** The limits (`processId` absent) or a policy of a tenant were changed on this server; the others read them anew. */
export class PolicyChanged {
  constructor(
    readonly tenant: string,
    readonly processId: string | undefined,
    readonly version: number,
    readonly who: string,
  ) {}
}
