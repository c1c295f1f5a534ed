import { readFileSync } from 'node:fs';
import { Duration, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { assertDefined } from './assert-defined.ts';
import type { Network } from './network.ts';
import type { BankParameters } from './parameters.ts';
import type { BankSettings } from './settings.ts';

const SET_UP = readFileSync(new URL('../host/set-up.sh', import.meta.url), 'utf8');
/** What set-up.sh waits at most, and as much again for the machine to start and to load the image. */
const START_MINUTES = 15;
/** Florin is small; the rest is the system, the image before this one and what Docker keeps. */
const DISK_GIB = 20;
/** The repository in this account's registry that hosts may load from. */
export const REPOSITORY = 'florin';

export type HostOptions = {
  readonly network: Network;
  readonly settings: BankSettings;
  readonly parameters: BankParameters;
  readonly database: rds.DatabaseInstance;
  readonly log: logs.LogGroup;
};

/**
 * The hosts that run Florin, in both zones. A new image or setting replaces them one by one: a new host starts, and
 * must report that it is ready. If it does not, the deployment stops and is rolled back. Nobody logs in
 * over the network: sessions go through Systems Manager, which records their users.
 */
export function createHosts(scope: Construct, options: HostOptions): autoscaling.AutoScalingGroup {
  const { network, settings } = options;
  const userData = ec2.UserData.forLinux({ shebang: '#!/usr/bin/env bash' });
  const launchTemplate = new ec2.LaunchTemplate(scope, 'Host', {
    instanceType: new ec2.InstanceType(settings.hostType),
    machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.X86_64 }),
    securityGroup: network.hostGroup,
    role: createRole(scope, options),
    userData,
    // Only the host itself reaches its credentials, with a token: no request that Florin is tricked into does.
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    detailedMonitoring: true,
    blockDevices: [
      { deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(DISK_GIB, { encrypted: true }) },
    ],
  });
  const hosts = new autoscaling.AutoScalingGroup(scope, 'Hosts', {
    vpc: network.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    launchTemplate,
    minCapacity: settings.minHosts,
    maxCapacity: settings.maxHosts,
    healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
      additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB],
      gracePeriod: Duration.minutes(START_MINUTES),
    }),
    signals: autoscaling.Signals.waitForMinCapacity({ timeout: Duration.minutes(START_MINUTES) }),
    updatePolicy: autoscaling.UpdatePolicy.rollingUpdate({
      minInstancesInService: settings.minHosts,
      maxBatchSize: 1,
      pauseTime: Duration.minutes(START_MINUTES),
      waitOnResourceSignals: true,
    }),
  });
  hosts.scaleOnCpuUtilization('Load', { targetUtilizationPercent: 60 });
  // Before anything that may fail: its failure is what the signal is to tell.
  userData.addSignalOnExitCommand(hosts);
  userData.addCommands('set -euo pipefail', ...variables(scope, options), SET_UP);
  return hosts;
}

/** The variables that set-up.sh reads. They name the secrets and do not contain them: user data is not a place for secrets. */
function variables(scope: Construct, options: HostOptions): string[] {
  const { network, settings, parameters, database, log } = options;
  const values = {
    REGION: Stack.of(scope).region,
    IMAGE: parameters.imageUri,
    DATABASE_SECRET: assertDefined(database.secret).secretArn,
    DATA_KEY_SECRET: parameters.dataKeySecretArn,
    TRUSTED_NETWORK: network.vpc.vpcCidrBlock,
    VARIABLES: linesOf({ FLORIN_WORKERS: String(settings.workersPerHost), ...settings.variables }),
    LOG_GROUP: log.logGroupName,
  };
  return Object.entries(values).map(([name, value]) => `${name}='${value}'`);
}

/** As a file for Docker has them. Throws for what such a line, or the quotes around it, cannot hold. */
function linesOf(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      if (!/^[A-Z_]+$/.test(name) || /['\n]/.test(value))
        throw new Error(`${name} cannot be set to ${value}`);
      return `${name}=${value}`;
    })
    .join('\n');
}

/** A host may read its two secrets, write its log, load its image and be looked after by Systems Manager. */
function createRole(scope: Construct, { parameters, database, log }: HostOptions): iam.Role {
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, 'HostRole', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  });
  assertDefined(database.secret).grantRead(role);
  secretsmanager.Secret.fromSecretCompleteArn(scope, 'DataKey', parameters.dataKeySecretArn).grantRead(role);
  log.grantWrite(role);
  const repository = stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: REPOSITORY });
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [repository],
    }),
  );
  // Of the whole registry: this one takes no resource.
  role.addToPolicy(new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
  return role;
}
