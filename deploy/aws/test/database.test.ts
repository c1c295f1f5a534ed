import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from './bank.ts';

const template = synthesize();

test('the database is in two zones, encrypted, backed up, and not deleted by accident', () => {
  template.resourceCountIs('AWS::RDS::DBInstance', 1);
  template.hasResource('AWS::RDS::DBInstance', {
    DeletionPolicy: 'Snapshot',
    UpdateReplacePolicy: 'Snapshot',
    Properties: {
      Engine: 'postgres',
      EngineVersion: Match.stringLikeRegexp('^18'),
      MultiAZ: true,
      StorageEncrypted: true,
      KmsKeyId: Match.anyValue(),
      BackupRetentionPeriod: 35,
      DeleteAutomatedBackups: false,
      DeletionProtection: true,
      PubliclyAccessible: false,
      AllowMajorVersionUpgrade: false,
    },
  });
});

test('it refuses connections without TLS', () => {
  template.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
  const [group = ''] = Object.keys(template.findResources('AWS::RDS::DBParameterGroup'));
  template.hasResourceProperties('AWS::RDS::DBInstance', { DBParameterGroupName: { Ref: group } });
});

test('it stands in subnets that have no way out, and only the hosts reach it', () => {
  const groups = Object.values(template.findResources('AWS::RDS::DBSubnetGroup'));
  const subnets: { Ref: string }[] = groups.flatMap((group) => group.Properties.SubnetIds);
  assert.equal(subnets.length, 2);
  const routes = Object.values(template.findResources('AWS::EC2::Route'));
  const tables = routes.map((route) => JSON.stringify(route.Properties.RouteTableId));
  for (const { Ref: subnet } of subnets) {
    const association = Object.values(template.findResources('AWS::EC2::SubnetRouteTableAssociation')).find(
      (one) => one.Properties.SubnetId.Ref === subnet,
    );
    assert.ok(!tables.includes(JSON.stringify(association?.Properties.RouteTableId)), subnet);
  }
  const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
  const toDatabase = rules.filter((rule) => rule.Properties.ToPort === 5432);
  assert.deepEqual(
    toDatabase.map((rule) => rule.Properties.Description),
    ['From the hosts'],
  );
});

test('its password is made by Secrets Manager, and stands in a URL as it is', () => {
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    KmsKeyId: Match.anyValue(),
    GenerateSecretString: {
      SecretStringTemplate: '{"username":"florin_owner"}',
      GenerateStringKey: 'password',
      ExcludeCharacters: Match.stringLikeRegexp('/:.*@'),
    },
  });
});

test('the key that encrypts all of it is renewed every year, and outlives the stack', () => {
  template.hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'Retain',
    Properties: { EnableKeyRotation: true },
  });
});
