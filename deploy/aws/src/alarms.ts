import { Duration } from 'aws-cdk-lib';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Balancer } from './balancer.ts';
import type { BankSettings } from './settings.ts';

/** Metrics arrive every minute; three bad ones out of five are more than a blip. */
const PERIOD = Duration.minutes(1);
const PERIODS = 5;
const BAD_PERIODS = 3;
const GIB = 1024 ** 3;

export type AlarmOptions = {
  readonly settings: BankSettings;
  readonly key: kms.Key;
  readonly email: string;
  readonly balancer: Balancer;
  readonly hosts: autoscaling.AutoScalingGroup;
  readonly database: rds.DatabaseInstance;
};

type Rule = {
  readonly id: string;
  readonly says: string;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly isLow?: boolean;
  /** Missing data is as bad as bad data. Otherwise missing data means that there was no traffic. */
  readonly mustReport?: boolean;
};

/** The alarms; docs/aws.md says what to do about each. */
export function createAlarms(scope: Construct, options: AlarmOptions): void {
  const action = new SnsAction(createTopic(scope, options));
  for (const { id, says, metric, threshold, isLow = false, mustReport = false } of rules(options)) {
    const alarm = new cloudwatch.Alarm(scope, id, {
      alarmDescription: says,
      metric,
      threshold,
      comparisonOperator: isLow
        ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        : cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: PERIODS,
      datapointsToAlarm: BAD_PERIODS,
      treatMissingData: mustReport
        ? cloudwatch.TreatMissingData.BREACHING
        : cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

function rules(options: AlarmOptions): Rule[] {
  return [...requestRules(options), ...hostRules(options), ...databaseRules(options)];
}

function requestRules({ settings: { alarms }, balancer: { loadBalancer } }: AlarmOptions): Rule[] {
  const { metrics } = loadBalancer;
  const options = { period: PERIOD, statistic: 'Sum' };
  return [
    {
      id: 'ServerErrors',
      says: 'Florin answers requests with 5xx',
      metric: metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, options),
      threshold: alarms.serverErrorsPerMinute,
    },
    {
      id: 'BalancerErrors',
      says: 'The load balancer answers with 5xx: no host does, or one broke off',
      metric: metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_5XX_COUNT, options),
      threshold: alarms.serverErrorsPerMinute,
    },
    {
      id: 'SlowRequests',
      says: 'One request in a hundred takes too long',
      metric: metrics.targetResponseTime({ period: PERIOD, statistic: 'p99' }),
      threshold: alarms.p99Seconds,
    },
  ];
}

function hostRules({ settings, balancer: { targets }, hosts }: AlarmOptions): Rule[] {
  return [
    {
      id: 'UnhealthyHosts',
      says: 'A host is not ready',
      metric: targets.metrics.unhealthyHostCount({ period: PERIOD, statistic: 'Maximum' }),
      threshold: 1,
    },
    {
      id: 'TooFewHosts',
      says: 'Fewer hosts are ready than there must be',
      metric: targets.metrics.healthyHostCount({ period: PERIOD, statistic: 'Minimum' }),
      threshold: settings.minHosts,
      isLow: true,
      mustReport: true,
    },
    {
      id: 'HostLoad',
      says: 'The hosts are busy, and more of them did not help',
      metric: new cloudwatch.Metric({
        namespace: 'AWS/EC2',
        metricName: 'CPUUtilization',
        dimensionsMap: { AutoScalingGroupName: hosts.autoScalingGroupName },
        period: PERIOD,
        statistic: 'Average',
      }),
      threshold: settings.alarms.cpuPercent,
    },
  ];
}

function databaseRules({ settings: { alarms }, database }: AlarmOptions): Rule[] {
  const options = { period: PERIOD, statistic: 'Average' };
  return [
    {
      id: 'DatabaseLoad',
      says: 'The database is busy',
      metric: database.metricCPUUtilization(options),
      threshold: alarms.cpuPercent,
      mustReport: true,
    },
    {
      id: 'DatabaseStorage',
      says: 'The database runs out of storage',
      metric: database.metricFreeStorageSpace(options),
      threshold: alarms.freeStorageGib * GIB,
      isLow: true,
      mustReport: true,
    },
    {
      id: 'DatabaseConnections',
      says: 'The database has nearly as many connections as it takes',
      metric: database.metricDatabaseConnections(options),
      threshold: alarms.databaseConnections,
    },
  ];
}

function createTopic(scope: Construct, { key, email }: AlarmOptions): sns.Topic {
  const topic = new sns.Topic(scope, 'Alarms', { masterKey: key, enforceSSL: true });
  topic.addSubscription(new EmailSubscription(email));
  key.grantEncryptDecrypt(new iam.ServicePrincipal('cloudwatch.amazonaws.com'));
  return topic;
}
