import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Answer, openApi, refused } from '#test/support/api.ts';
import { newKey } from '#test/support/bank.ts';
import { exampleOf, type Fields, objectsIn, type Schema, schemaAt, withField } from './examples.ts';
import { type Operation, readOperations } from './operations.ts';

type Text = Schema & { readonly maxLength?: number; readonly pattern?: string };
type Place = readonly (string | number)[];

const api = await openApi();
const admin = await api.as('admin');
const owners = new Map<string, typeof api>();
const writes = (await readOperations(api)).filter(
  ({ body, security }) => body !== undefined && security?.length !== 0,
);
const SUFFIX = '01h455vb4pex5vsknk084sn02q';

/** Every text of a body that says how long it may be, with the way there. */
function textsIn(body: Schema): { place: Place; text: Text }[] {
  return objectsIn(body).flatMap((path) =>
    Object.entries(schemaAt(body, path).properties ?? {}).flatMap(([name, schema]) => {
      const text: Text = schema.anyOf?.[0] ?? schema;
      return isText(text) ? [{ place: [...path, name], text }] : [];
    }),
  );
}

function isText({ type, enum: values, const: constant }: Text): boolean {
  return [type].flat().includes('string') && values === undefined && constant === undefined;
}

const pathOf = (place: Place) =>
  place
    .map((name) => (typeof name === 'number' ? `[${name}]` : `.${name}`))
    .join('')
    .replace(/^\./, '');

async function send(operation: Operation, body: unknown): Promise<Answer> {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'id' ? `x_${SUFFIX}` : '1',
  );
  const headers = { 'idempotency-key': newKey(), 'if-match': '*' };
  const caller = owners.get(operation.id) ?? api;
  const answer = await caller.raw(operation.method, path, JSON.stringify(body), headers);
  if (answer.status !== 403 || caller === admin) return answer;
  owners.set(operation.id, admin);
  return send(operation, body);
}

/** The messages about a field, of a batch's item too. */
function messagesAbout(answer: Answer, path: string): string[] {
  const body = answer.body as { errors?: Fields[]; results?: { errors?: Fields[] }[] } | undefined;
  const errors = body?.errors ?? body?.results?.flatMap((one) => one.errors ?? []) ?? [];
  return errors.filter((one) => path.endsWith(String(one.path))).map(({ message }) => String(message));
}

const TOO_LONG = /^must (NOT have more than|have at most) \d+ characters/;

test('every text in a body says how long it may be, and none is 1000 for want of a number', () => {
  const unbounded: string[] = [];
  for (const { id, body } of writes) {
    for (const { place, text } of textsIn(body!)) {
      const isBound = text.maxLength !== undefined && text.maxLength !== 1000;
      if (!isBound && text.format === undefined && text.pattern === undefined)
        unbounded.push(`${id} ${pathOf(place)}`);
    }
  }
  assert.deepEqual(unbounded, []);
});

describe('a text of the length that the document names is not too long, and one character more is:', () => {
  for (const operation of writes) {
    const body = operation.body!;
    const texts = textsIn(body).filter(
      ({ text }) => text.maxLength !== undefined && text.format === undefined,
    );
    if (texts.length === 0) continue;
    test(operation.id, async () => {
      const whole = exampleOf(body, 'all');
      for (const { place, text } of texts) {
        const parent = place.slice(0, -1);
        const longest = (length: number) =>
          withField(whole, parent, String(place.at(-1)), 'x'.repeat(length));
        const path = pathOf(place);
        const fits = await send(operation, longest(text.maxLength!));
        assert.ok(fits.status !== 403, fits.text);
        assert.deepEqual(
          messagesAbout(fits, path).filter((message) => TOO_LONG.test(message)),
          [],
          path,
        );
        const answer = await send(operation, longest(text.maxLength! + 1));
        if (answer.status >= 400) refused(answer, 400, 'validation_failed');
        assert.ok(
          messagesAbout(answer, path).some((message) => TOO_LONG.test(message)),
          `${path} ${answer.text}`,
        );
      }
    });
  }
});

test('a person and an organisation are a choice by their type', async () => {
  const response = await fetch(`http://127.0.0.1:${api.port}/openapi.json`);
  const { components } = (await response.json()) as { components: { schemas: Record<string, unknown> } };
  assert.deepEqual(components.schemas.CreateCustomerRequest, {
    description: 'A person or an organisation.',
    type: 'object',
    oneOf: [
      { $ref: '#/components/schemas/CreatePersonRequest' },
      { $ref: '#/components/schemas/CreateOrganisationRequest' },
    ],
    discriminator: {
      propertyName: 'type',
      mapping: {
        person: '#/components/schemas/CreatePersonRequest',
        organisation: '#/components/schemas/CreateOrganisationRequest',
      },
    },
  });
  const named = async (body: Fields) =>
    (refused(await api.post('/v1/customers', body), 400, 'validation_failed').errors ?? [])
      .map(({ path }) => path)
      .sort();
  assert.deepEqual(await named({ type: 'person', legalName: 'X' }), [
    'dateOfBirth',
    'familyName',
    'givenName',
    'legalName',
  ]);
  assert.deepEqual(await named({ type: 'organisation', givenName: 'X' }), ['givenName', 'legalName']);
  assert.deepEqual(await named({ type: 'club' }), ['type']);
  assert.deepEqual(await named({}), ['type']);
});
