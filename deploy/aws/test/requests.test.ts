import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from './bank.ts';

const template = synthesize();

test('callers speak TLS 1.2 or 1.3, and HTTP is sent on to it', () => {
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Protocol: 'HTTPS',
    SslPolicy: Match.stringLikeRegexp('^ELBSecurityPolicy-TLS13-1-2'),
    Certificates: [{ CertificateArn: { Ref: 'CertificateArn' } }],
  });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
  });
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
});

test('a host gets requests while it says that it is ready', () => {
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    HealthCheckPath: '/health/ready',
    Matcher: { HttpCode: '200' },
    TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }]),
  });
});

test('requests are on record in a bucket that nobody else reads', () => {
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    LoadBalancerAttributes: Match.arrayWith([
      { Key: 'deletion_protection.enabled', Value: 'true' },
      { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
      { Key: 'access_logs.s3.enabled', Value: 'true' },
    ]),
  });
  template.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
});

test('somebody hears of errors, slowness, lost hosts and a database that is full or busy', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((one) => one.Properties);
  const watched = alarms.map(
    ({ MetricName, Statistic, ExtendedStatistic, Threshold }) =>
      `${MetricName} ${Statistic ?? ExtendedStatistic} ${Threshold}`,
  );
  assert.deepEqual(watched.sort(), [
    'CPUUtilization Average 80',
    'CPUUtilization Average 80',
    'DatabaseConnections Average 600',
    'FreeStorageSpace Average 21474836480',
    'HTTPCode_ELB_5XX_Count Sum 5',
    'HTTPCode_Target_5XX_Count Sum 5',
    'HealthyHostCount Minimum 2',
    'TargetResponseTime p99 1',
    'UnHealthyHostCount Maximum 1',
  ]);
  const [topic = ''] = Object.keys(template.findResources('AWS::SNS::Topic'));
  for (const alarm of alarms) assert.deepEqual(alarm.AlarmActions, [{ Ref: topic }], alarm.MetricName);
  template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
});

test('logs are encrypted, and kept for more than a year', () => {
  const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
  assert.equal(groups.length, 2);
  for (const { Properties: group } of groups) {
    assert.equal(group.RetentionInDays, 400);
    assert.ok(group.KmsKeyId !== undefined);
  }
});
