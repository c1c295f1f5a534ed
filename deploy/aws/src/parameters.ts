import { CfnParameter, type Stack } from 'aws-cdk-lib';

/** Values that differ for every account and release, and so are not in the code. */
export type BankParameters = {
  /** The image to run, by digest: a tag may mean another image tomorrow. */
  readonly imageUri: string;
  /** The certificate of the name that callers use, in this region's certificate manager. */
  readonly certificateArn: string;
  /** The secret that holds the data key. Made by hand, so that no stack can take it along when it is deleted. */
  readonly dataKeySecretArn: string;
  /** The network that may call. */
  readonly callerCidr: string;
  /** The e-mail address for alarms. */
  readonly alarmEmail: string;
};

/** The stack's parameters. None has a default: each is a decision. */
export function createParameters(stack: Stack): BankParameters {
  const text = (name: string, description: string, allowedPattern: string): string =>
    new CfnParameter(stack, name, {
      type: 'String',
      description,
      allowedPattern,
      constraintDescription: `${description}: ${allowedPattern}`,
    }).valueAsString;
  return {
    imageUri: text('ImageUri', 'Image of Florin, by digest', '[a-z0-9./_-]+@sha256:[0-9a-f]{64}'),
    certificateArn: text(
      'CertificateArn',
      'ARN of the certificate for the load balancer',
      'arn:[a-z-]+:acm:.+:certificate/.+',
    ),
    dataKeySecretArn: text(
      'DataKeyArn',
      'Complete ARN of the secret with the data key',
      'arn:[a-z-]+:secretsmanager:.+:secret:.+-[A-Za-z0-9]{6}',
    ),
    callerCidr: text('CallerCidr', 'Network that may call the API', '[0-9.]+/[0-9]{1,2}'),
    alarmEmail: text('AlarmEmail', 'Address that alarms are sent to', '[^@ ]+@[^@ ]+'),
  };
}
