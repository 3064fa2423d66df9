/**
 * IP addresses and networks. An address is text of 16-bit units, two for IPv4 and eight for IPv6, since text compares
 * unit by unit as addresses do.
 *
 * An IPv4 address may come written as IPv6 (`::ffff:192.0.2.1`, as dual-stack sockets report it): it is the IPv4
 * address, wherever it stands.
 */

/** The first and the last address; both are of one family. */
export interface Network {
  readonly first: string;
  readonly last: string;
}

const MAPPED = String.fromCharCode(0, 0, 0, 0, 0, 0xffff);
const MAPPED_BITS = 96;

/** Reads an address: IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291 without a zone. */
export function parseAddress(text: string): string | null {
  const address = units(text);
  return address?.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
}

/** Reads `10.0.0.0/8` or `2001:db8::/32`; an address alone is a network of one; bits past the prefix are ignored. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf("/");
  const written = slash < 0 ? null : text.slice(slash + 1);
  if (written !== null && !/^(0|[1-9][0-9]{0,2})$/.test(written)) return null;
  let address = units(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  let prefix = written === null ? address.length * 16 : Number(written);
  if (address.startsWith(MAPPED) && prefix >= MAPPED_BITS) {
    address = address.slice(MAPPED.length);
    prefix -= MAPPED_BITS;
  }
  if (prefix > address.length * 16) return null;
  const hosts = Array.from(address, (_, index) => 0xffff >> Math.min(16, Math.max(0, prefix - index * 16)));
  const each = (unit: (own: number, host: number) => number): string =>
    String.fromCharCode(...hosts.map((host, index) => unit((address as string).charCodeAt(index), host)));
  return { first: each((own, host) => own & ~host), last: each((own, host) => own | host) };
}

/** A set of networks, searched by bisection. */
export function networkSet(networks: readonly Network[]): (address: string) => boolean {
  const families = new Map([2, 8].map((length) => [length, union(networks, length)]));
  return (address) => {
    const ranges = families.get(address.length) ?? [];
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle] as Network).first <= address) low = middle + 1;
      else high = middle;
    }
    return low > 0 && address <= (ranges[low - 1] as Network).last;
  };
}

/** The networks of one family in ascending order, without overlaps. */
function union(networks: readonly Network[], length: number): Network[] {
  const sorted = networks
    .filter(({ first }) => first.length === length)
    .sort((own, other) => (own.first < other.first ? -1 : 1));
  const merged: Network[] = [];
  for (const network of sorted) {
    const before = merged.at(-1);
    if (!before || network.first > before.last) merged.push(network);
    else if (network.last > before.last) merged.splice(-1, 1, { first: before.first, last: network.last });
  }
  return merged;
}

function units(text: string): string | null {
  const groups = ipv4(text) ?? ipv6(text);
  return groups && String.fromCharCode(...groups);
}

function ipv4(text: string): number[] | null {
  const parts = text.split(".");
  const valid = parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part));
  const [a, b, c, d] = parts.map(Number) as [number, number, number, number];
  return valid && Math.max(a, b, c, d) < 256 ? [a * 256 + b, c * 256 + d] : null;
}

function ipv6(text: string): number[] | null {
  // An address has one `::` at most, which stands for one group of zeros or more.
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const groups = halves.map((half, index) => ipv6Groups(half, index === halves.length - 1));
  const [head, tail] = groups;
  if (!head || tail === null) return null;
  if (!tail) return head.length === 8 ? head : null;
  const zeros = 8 - head.length - tail.length;
  return zeros > 0 ? [...head, ...Array<number>(zeros).fill(0), ...tail] : null;
}

/** The groups between colons; the last two may be written as IPv4 where the address ends. */
function ipv6Groups(text: string, ends: boolean): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const embedded = ends && index === parts.length - 1 ? ipv4(part) : null;
    if (embedded) groups.push(...embedded);
    else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
