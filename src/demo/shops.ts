import type { SeededRandom } from './random.ts';

/** What people pay for by card, and when. Amounts in cents. */
type Shopping = {
  readonly shops: readonly string[];
  readonly minor: readonly [low: bigint, high: bigint];
  /** Of a hundred purchases. */
  readonly share: number;
  readonly onSundays: boolean;
};

const SHOPPING: readonly Shopping[] = [
  {
    shops: [
      'Frischmarkt Torstraße',
      'Frischmarkt Prenzlauer Berg',
      'Kaufhalle Pankow',
      'Bio-Oase',
      'Wochenmarkt',
    ],
    minor: [850n, 9_400n],
    share: 46,
    onSundays: false,
  },
  { shops: ['Drogerie Lilie', 'Apotheke am Markt'], minor: [380n, 4_200n], share: 9, onSundays: false },
  { shops: ['Backhaus Sommer', 'Café Morgenrot'], minor: [340n, 2_300n], share: 12, onSundays: true },
  {
    shops: ['Pizzeria Da Nino', 'Restaurant Seeblick', 'Sushi Hana', 'Imbiss am Tor'],
    minor: [990n, 7_800n],
    share: 10,
    onSundays: true,
  },
  { shops: ['Tankstelle Seestraße', 'Bahn, ticket'], minor: [1_900n, 8_900n], share: 7, onSundays: true },
  {
    shops: ['Modehaus Linde', 'Onlinehandel Paketfuchs', 'Baumarkt Nordring', 'Elektro Kranz'],
    minor: [1_490n, 18_900n],
    share: 9,
    onSundays: false,
  },
  { shops: ['Buchhandlung Seitenwind'], minor: [990n, 5_400n], share: 3, onSundays: false },
  {
    shops: ['Kino Lichtblick', 'Schwimmbad', 'Theater am Kanal'],
    minor: [650n, 6_200n],
    share: 4,
    onSundays: true,
  },
];

const LARGE = [
  'Reisebüro Fernweh',
  'Möbelhaus Lindgren',
  'Elektro Kranz',
  'Fahrradhaus Velo',
  'Zahnarzt Dr. Pohl',
];

/** One purchase, or nothing on a Sunday when the shop is closed. Amount in cents. */
export function pickPurchase(
  random: SeededRandom,
  isSunday: boolean,
): { readonly shop: string; readonly amountMinor: bigint } | undefined {
  let ticket = random.between(1, 100);
  for (const { shops, minor, share, onSundays } of SHOPPING) {
    ticket -= share;
    if (ticket > 0) continue;
    if (isSunday && !onSundays) return undefined;
    // A draw below a draw: many small purchases, few large ones.
    return { shop: random.pick(shops), amountMinor: random.amount(minor[0], random.amount(...minor)) };
  }
  return undefined;
}

/** Where somebody with money to spare spends it. */
export function pickLargePurchase(random: SeededRandom): string {
  return random.pick(LARGE);
}
