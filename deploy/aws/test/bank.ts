import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BankStack } from '../src/bank-stack.ts';
import { SMALL_BANK } from '../src/settings.ts';

/** The template of a small bank, as it would be deployed; no account is asked. */
export function synthesize(): Template {
  const stack = new BankStack(new App(), 'Florin', { settings: SMALL_BANK, env: { region: 'eu-central-1' } });
  return Template.fromStack(stack);
}

/** A statement of a policy, as the template has it. */
export type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
};

/** Every statement that the roles of the template are given. */
export function statementsOf(template: Template): Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    (policy) => policy.Properties.PolicyDocument.Statement,
  );
}
