import { BlockList, isIP } from 'node:net';

const WITH_LENGTH = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Whether the text is an address, or a network in CIDR notation: `203.0.113.0/24`, `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  return parse(text) !== undefined;
}

/** Whether an address lies in one of the networks; an IPv4 address may be written as one of IPv6. */
export function isWithin(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const parsed = parse(network);
    if (parsed !== undefined) list.addSubnet(parsed.address, parsed.length, parsed.family);
  }
  const [, plain = address] = MAPPED.exec(address) ?? [];
  return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
}

function parse(text: string): { address: string; length: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', bits] = WITH_LENGTH.exec(text) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  if (version === 0 || length > most) return undefined;
  return { address, length, family: version === 4 ? 'ipv4' : 'ipv6' };
}
