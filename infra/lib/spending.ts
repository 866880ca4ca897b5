import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { COST_TAG, COST_TAG_VALUE } from './tags.ts';

export interface SpendingProps {
  topic: ITopic;
  monthlyBudgetUsd: number;
  anomalyThresholdUsd: number;
}

/**
 * Tells when more is spent than was meant. Both find what is ours by a cost tag, which counts only from when it was activated
 * in the billing console: by hand, once for each account.
 */
export class Spending extends Construct {
  constructor(scope: Construct, id: string, { topic, monthlyBudgetUsd, anomalyThresholdUsd }: SpendingProps) {
    super(scope, id);
    const subscribers = [{ subscriptionType: 'SNS', address: topic.topicArn }];
    const above = (threshold: number, notificationType: 'ACTUAL' | 'FORECASTED') => ({
      notification: {
        notificationType,
        threshold,
        comparisonOperator: 'GREATER_THAN',
        thresholdType: 'PERCENTAGE',
      },
      subscribers,
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${Stack.of(this).stackName}-monthly`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:${COST_TAG}$${COST_TAG_VALUE}`] },
      },
      notificationsWithSubscribers: [above(80, 'ACTUAL'), above(100, 'ACTUAL'), above(100, 'FORECASTED')],
    });
    // An account may have one monitor of all its services, and most do: this one watches the tag.
    const monitor = new CfnAnomalyMonitor(this, 'Monitor', {
      monitorName: `${Stack.of(this).stackName}-spending`,
      monitorType: 'CUSTOM',
      monitorSpecification: JSON.stringify({
        Tags: { Key: COST_TAG, Values: [COST_TAG_VALUE], MatchOptions: ['EQUALS'] },
      }),
    });
    new CfnAnomalySubscription(this, 'Anomalies', {
      subscriptionName: `${Stack.of(this).stackName}-anomalies`,
      // A topic is told at once; mail would have to wait for a day.
      frequency: 'IMMEDIATE',
      monitorArnList: [monitor.attrMonitorArn],
      subscribers: [{ type: 'SNS', address: topic.topicArn }],
      thresholdExpression: JSON.stringify({
        Dimensions: {
          Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
          MatchOptions: ['GREATER_THAN_OR_EQUAL'],
          Values: [String(anomalyThresholdUsd)],
        },
      }),
    });
  }
}
