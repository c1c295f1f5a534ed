import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { API_PORT, type Network } from './network.ts';
import type { BankSettings } from './settings.ts';

/** Above the 10 seconds within which Florin answers every request. */
const IDLE_SECONDS = 60;
/** A host that leaves answers what it has: Florin's deadline, and as much again. */
const DRAIN_SECONDS = 20;

export type Balancer = {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly targets: elbv2.ApplicationTargetGroup;
};

/** TLS ends here. A host gets requests as long as its Florin says that it is ready. Every request is on record. */
export function createBalancer(
  scope: Construct,
  options: { network: Network; settings: BankSettings; certificateArn: string },
): Balancer {
  const { network, settings, certificateArn } = options;
  const loadBalancer = new elbv2.ApplicationLoadBalancer(scope, 'Balancer', {
    vpc: network.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    internetFacing: true,
    securityGroup: network.balancerGroup,
    deletionProtection: true,
    dropInvalidHeaderFields: true,
    idleTimeout: Duration.seconds(IDLE_SECONDS),
  });
  loadBalancer.logAccessLogs(createRecord(scope, settings));
  const targets = new elbv2.ApplicationTargetGroup(scope, 'Targets', {
    vpc: network.vpc,
    targetType: elbv2.TargetType.INSTANCE,
    port: API_PORT,
    protocol: elbv2.ApplicationProtocol.HTTP,
    deregistrationDelay: Duration.seconds(DRAIN_SECONDS),
    healthCheck: {
      path: '/health/ready',
      healthyHttpCodes: '200',
      interval: Duration.seconds(5),
      timeout: Duration.seconds(2),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
  loadBalancer.addListener('Https', {
    port: 443,
    open: false,
    certificates: [elbv2.ListenerCertificate.fromArn(certificateArn)],
    sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS,
    defaultTargetGroups: [targets],
  });
  loadBalancer.addListener('Http', {
    port: 80,
    open: false,
    defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
  });
  return { loadBalancer, targets };
}

function createRecord(scope: Construct, { logDays }: BankSettings): s3.Bucket {
  return new s3.Bucket(scope, 'RequestRecord', {
    // The one kind of encryption that a load balancer can write with.
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [{ expiration: Duration.days(logDays) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
