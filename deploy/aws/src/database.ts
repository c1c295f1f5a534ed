import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { Network } from './network.ts';
import type { BankSettings } from './settings.ts';

export const DATABASE_NAME = 'florin';
/** Owns the database and migrates it: on RDS a role with CREATEROLE, and no superuser. */
const OWNER_ROLE = 'florin_owner';
/** The password stands in a URL, where these would mean something else. */
const NOT_IN_A_URL = ' !"#$%&\'()*+,/:;<=>?@[\\]^`{|}';
/** Statements that took longer are in PostgreSQL's log. */
const SLOW_STATEMENT_MS = 1_000;

/**
 * PostgreSQL 18 in two zones: a commit is in both before it is acknowledged, and the other takes over within a
 * minute or two. Encrypted at rest and in transit: a connection without TLS is refused. Backed up for any second of
 * the last weeks. Neither a deleted stack nor a mistaken click deletes it.
 */
export function createDatabase(
  scope: Construct,
  { network, settings, key }: { network: Network; settings: BankSettings; key: kms.IKey },
): rds.DatabaseInstance {
  const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_18 });
  return new rds.DatabaseInstance(scope, 'Database', {
    engine,
    databaseName: DATABASE_NAME,
    credentials: rds.Credentials.fromGeneratedSecret(OWNER_ROLE, {
      excludeCharacters: NOT_IN_A_URL,
      encryptionKey: key,
    }),
    instanceType: new ec2.InstanceType(settings.databaseType),
    multiAz: true,
    vpc: network.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    securityGroups: [network.databaseGroup],
    publiclyAccessible: false,
    storageType: rds.StorageType.GP3,
    allocatedStorage: settings.storageGib,
    maxAllocatedStorage: settings.maxStorageGib,
    storageEncrypted: true,
    storageEncryptionKey: key,
    caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    parameterGroup: new rds.ParameterGroup(scope, 'DatabaseParameters', {
      engine,
      parameters: {
        'rds.force_ssl': '1',
        log_min_duration_statement: String(SLOW_STATEMENT_MS),
      },
    }),
    backupRetention: Duration.days(settings.backupDays),
    copyTagsToSnapshot: true,
    deletionProtection: true,
    removalPolicy: RemovalPolicy.SNAPSHOT,
    deleteAutomatedBackups: false,
    // Minor versions, with their fixes, in the maintenance window; a major one is somebody's decision.
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    monitoringInterval: Duration.minutes(1),
    enablePerformanceInsights: true,
    performanceInsightEncryptionKey: key,
    cloudwatchLogsExports: ['postgresql'],
  });
}
