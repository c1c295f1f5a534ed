import { InvalidArgumentError } from 'commander';
import { isUntampered } from '#lib/untampered-url.ts';

/** The origin of a server. A password or a token goes there. */
export function parseServerUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.href !== `${url.origin}/` || !isUntampered(url)) {
    throw new InvalidArgumentError('It takes one like https://bank.example, or http on this machine.');
  }
  return url.origin;
}
