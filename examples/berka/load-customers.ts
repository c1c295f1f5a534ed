import type { Context } from '#db/context.ts';
import type { Tx } from '#db/database.ts';
import { Customer, insertCustomers } from '#features/customers/contract.ts';
import { newId } from '#lib/ids.ts';
import type { Entities } from './entities.ts';
import type { OnProgress } from './progress.ts';
import type { Client } from './rows/client.ts';
import type { Row } from './rows/row-type.ts';

/** A customer is 23 parameters of at most 65,535 in a statement. */
const CHUNK = 1_000;

/** The data set has no names: this and the client's id stand for one. */
const GIVEN_NAME = 'Client';

/**
 * Makes customers of clients as they are: the bank's rules for new customers (their age, contact details) were
 * another bank's to judge.
 */
export async function loadCustomers(
  context: Context,
  tx: Tx,
  clients: readonly Row<Client>[],
  entities: Entities,
  onProgress: OnProgress,
): Promise<void> {
  for (let start = 0; start < clients.length; start += CHUNK) {
    const chunk = clients.slice(start, start + CHUNK);
    await insertCustomers(
      tx,
      context,
      chunk.map(({ value }) => {
        const id = newId(context.ids, 'customer');
        entities.add('client', value.clientId, { customerId: id });
        return customerOf(id, value, entities);
      }),
    );
    onProgress({ phase: 'customers', done: start + chunk.length, total: clients.length });
  }
}

function customerOf(id: Customer['state']['id'], client: Client, entities: Entities): Customer {
  const { clientId, dateOfBirth, sex, districtId } = client;
  const { name, region } = entities.district(districtId);
  return new Customer({
    id,
    identity: { type: 'person', givenName: GIVEN_NAME, familyName: clientId, dateOfBirth, sex },
    externalId: clientId,
    metadata: { district: name, region },
    status: 'active',
    version: 1,
  });
}
