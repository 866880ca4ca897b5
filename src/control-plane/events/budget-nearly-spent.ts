/** A tenant has reached `limits.budgetWarnAt` of a budget. */
export class BudgetNearlySpent {
  constructor(
    readonly tenant: string,
    readonly warning: string,
  ) {}
}
