import { ArnFormat, CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { createAlarms } from './alarms.ts';
import { assertDefined } from './assert-defined.ts';
import { createBalancer } from './balancer.ts';
import { createDatabase } from './database.ts';
import { createHosts } from './hosts.ts';
import { createNetwork } from './network.ts';
import { createParameters } from './parameters.ts';
import type { BankSettings } from './settings.ts';

export type BankStackProps = StackProps & { readonly settings: BankSettings };

/** One bank: network, database, hosts, load balancer and alarms. docs/aws.md says how to operate it. */
export class BankStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: BankStackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const parameters = createParameters(this);
    const key = new kms.Key(this, 'Key', {
      description: 'Florin: database, its password, logs and alarms',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const retention = retentionOf(settings.logDays);
    const network = createNetwork(this, { key, retention, callerCidr: parameters.callerCidr });
    const log = new logs.LogGroup(this, 'Log', {
      encryptionKey: key,
      retention,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    allowLogs(this, key);
    const database = createDatabase(this, { network, settings, key });
    const balancer = createBalancer(this, {
      network,
      settings,
      certificateArn: parameters.certificateArn,
    });
    const hosts = createHosts(this, { network, settings, parameters, database, log });
    hosts.attachToApplicationTargetGroup(balancer.targets);
    // No host before the database is there, and before it may talk to it.
    hosts.node.addDependency(database, network.databaseGroup);
    createAlarms(this, { settings, key, email: parameters.alarmEmail, balancer, hosts, database });
    new CfnOutput(this, 'Address', { value: balancer.loadBalancer.loadBalancerDnsName });
    new CfnOutput(this, 'DatabaseSecret', { value: assertDefined(database.secret).secretArn });
    new CfnOutput(this, 'LogGroup', { value: log.logGroupName });
  }
}

/** CloudWatch keeps logs for one of a list of numbers of days. Throws for another number. */
function retentionOf(days: number): logs.RetentionDays {
  const name = logs.RetentionDays[days];
  if (name === undefined) throw new Error(`CloudWatch does not keep logs for ${days} days`);
  return days;
}

/** The log groups of this account alone may use the key. */
function allowLogs(stack: Stack, key: kms.Key): void {
  const groups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
    }),
  );
}
