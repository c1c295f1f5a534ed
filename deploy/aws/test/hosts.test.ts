import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { statementsOf, synthesize } from './bank.ts';

const template = synthesize();

test('a host keeps its credentials from whatever asks without a token, and its disk is encrypted', () => {
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
      KeyName: Match.absent(),
    },
  });
});

test('hosts are in the subnets behind, and nothing but the load balancer comes in', () => {
  const rules = [
    ...Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map((one) => one.Properties),
    ...Object.values(template.findResources('AWS::EC2::SecurityGroup')).flatMap(
      (one) => one.Properties.SecurityGroupIngress ?? [],
    ),
  ];
  const found = rules
    .map(({ FromPort, ToPort, Description }) => `${FromPort}-${ToPort} ${Description}`)
    .sort();
  assert.deepEqual(found, [
    '443-443 HTTPS from callers',
    '5432-5432 From the hosts',
    '80-80 HTTP, to be sent on to HTTPS',
    '8080-8080 From the load balancer',
  ]);
  for (const subnet of Object.values(template.findResources('AWS::EC2::Subnet'))) {
    assert.equal(subnet.Properties.MapPublicIpOnLaunch, false);
  }
});

test('hosts are replaced one by one, each when another is ready, or not at all', () => {
  template.hasResource('AWS::AutoScaling::AutoScalingGroup', {
    UpdatePolicy: {
      AutoScalingRollingUpdate: {
        MinInstancesInService: 2,
        MaxBatchSize: 1,
        WaitOnResourceSignals: true,
        PauseTime: 'PT15M',
      },
    },
    CreationPolicy: { ResourceSignal: { Count: 2, Timeout: 'PT15M' } },
    Properties: { MinSize: '2', MaxSize: '4', HealthCheckType: 'ELB' },
  });
});

test('a host may do what it is for, and the wildcard stands where AWS takes no other', () => {
  const wide = statementsOf(template).filter(({ Resource }) => JSON.stringify(Resource) === '"*"');
  assert.deepEqual(
    wide.map(({ Action }) => Action),
    ['ecr:GetAuthorizationToken'],
  );
  const actions = statementsOf(template).flatMap(({ Action }) => Action);
  assert.deepEqual(
    actions.filter((action) => action.includes('*')),
    [],
  );
  assert.deepEqual([...new Set(actions.map((action) => action.slice(0, action.indexOf(':'))))].sort(), [
    'cloudformation',
    'ecr',
    'logs',
    'secretsmanager',
  ]);
  const secrets = statementsOf(template).filter(({ Action }) =>
    JSON.stringify(Action).includes('GetSecretValue'),
  );
  assert.equal(secrets.length, 2, 'the password of the database and the data key');
});

test('user data names secrets and holds none, and no code runs but what is deployed', () => {
  const [host] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
  const text = JSON.stringify(host?.Properties.LaunchTemplateData.UserData);
  assert.ok(text.includes('DATA_KEY_SECRET='), 'it is the user data');
  assert.ok(text.includes(String.raw`VARIABLES='FLORIN_WORKERS=2\nLOG_LEVEL=info\nFLORIN_DRAIN_SECONDS=11'`));
  assert.ok(!text.includes('resolve:'));
  template.resourceCountIs('AWS::Lambda::Function', 0);
});

test('the image is named by digest, and no parameter has a default', () => {
  const parameters = Object.entries(template.findParameters('*')).filter(
    ([name]) => !/^(Bootstrap|Ssm)/.test(name),
  );
  assert.deepEqual(parameters.map(([name]) => name).sort(), [
    'AlarmEmail',
    'CallerCidr',
    'CertificateArn',
    'DataKeyArn',
    'ImageUri',
  ]);
  for (const [name, parameter] of parameters) assert.equal(parameter.Default, undefined, name);
  const image = new RegExp(`^${parameters.find(([name]) => name === 'ImageUri')?.[1].AllowedPattern}$`);
  assert.match(`123.dkr.ecr.eu-central-1.amazonaws.com/florin@sha256:${'0'.repeat(64)}`, image);
  assert.doesNotMatch('123.dkr.ecr.eu-central-1.amazonaws.com/florin:latest', image);
});
