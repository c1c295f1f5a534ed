import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** The port that Florin listens on. */
export const API_PORT = 8080;
export const POSTGRES_PORT = 5432;

export type Network = {
  readonly vpc: ec2.Vpc;
  /** Who may talk to whom: callers to the load balancer, it to the hosts, they to the database. Nobody else. */
  readonly balancerGroup: ec2.SecurityGroup;
  readonly hostGroup: ec2.SecurityGroup;
  readonly databaseGroup: ec2.SecurityGroup;
};

/**
 * Three tiers in two zones. The load balancer is public. Hosts reach out through a gateway in their zone and are
 * reached only by the load balancer. The database has no way out at all. Refused traffic is logged.
 */
export function createNetwork(
  scope: Construct,
  { key, retention, callerCidr }: { key: kms.IKey; retention: logs.RetentionDays; callerCidr: string },
): Network {
  const vpc = new ec2.Vpc(scope, 'Network', {
    ipAddresses: ec2.IpAddresses.cidr('10.42.0.0/16'),
    maxAzs: 2,
    natGateways: 2,
    subnetConfiguration: [
      { name: 'balancer', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: 'host', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      { name: 'database', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
  });
  vpc.addFlowLog('Refused', {
    trafficType: ec2.FlowLogTrafficType.REJECT,
    maxAggregationInterval: ec2.FlowLogMaxAggregationInterval.TEN_MINUTES,
    destination: ec2.FlowLogDestination.toCloudWatchLogs(
      new logs.LogGroup(scope, 'RefusedTraffic', { encryptionKey: key, retention }),
    ),
  });
  const group = (id: string, description: string, allowAllOutbound = false): ec2.SecurityGroup =>
    new ec2.SecurityGroup(scope, id, { vpc, description, allowAllOutbound });
  const balancerGroup = group('BalancerGroup', 'The load balancer');
  const hostGroup = group('HostGroup', 'Hosts of Florin');
  const databaseGroup = group('DatabaseGroup', 'The database');

  const callers = ec2.Peer.ipv4(callerCidr);
  balancerGroup.addIngressRule(callers, ec2.Port.tcp(443), 'HTTPS from callers');
  balancerGroup.addIngressRule(callers, ec2.Port.tcp(80), 'HTTP, to be sent on to HTTPS');
  balancerGroup.addEgressRule(hostGroup, ec2.Port.tcp(API_PORT), 'API of the hosts');
  hostGroup.addIngressRule(balancerGroup, ec2.Port.tcp(API_PORT), 'From the load balancer');
  hostGroup.addEgressRule(databaseGroup, ec2.Port.tcp(POSTGRES_PORT), 'PostgreSQL');
  hostGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Images, packages and the services of AWS');
  databaseGroup.addIngressRule(hostGroup, ec2.Port.tcp(POSTGRES_PORT), 'From the hosts');
  return { vpc, balancerGroup, hostGroup, databaseGroup };
}
