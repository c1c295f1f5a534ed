import type { Services } from '#bank/services.ts';
import type { Ask } from './ask.ts';
import { loadApi, type Method } from './document.ts';

/** Does work with the API in this process, as the operator. */
export async function withDoor<Result>(
  services: Services,
  options: { readonly isReadOnly?: boolean },
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const { openOperatorDoor } = await import('#bank/operator-door.ts');
  const door = openOperatorDoor(services, options);
  try {
    return await work(async ({ method, path, headers = {}, body }) => {
      const answer = await door.ask({ tag: tagOf(method, path), method, path, headers, body });
      return { status: answer.status, headers: answer.headers, bytes: answer.body };
    });
  } finally {
    await door.close();
  }
}

/** The part of the API that a call is about. */
function tagOf(method: Method, path: string): string {
  const [plain = ''] = path.split('?');
  const found = loadApi().operations.find(
    (one) =>
      one.method === method && new RegExp(`^${one.path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(plain),
  );
  return found?.tag ?? '';
}
