import type { Flow } from './flow.ts';

/** A firm or association that banks here, with what comes in and goes out beside wages. Amounts in cents. */
export type DemoOrganisation = {
  readonly key: string;
  readonly legalName: string;
  readonly registrationNumber: string;
  readonly street: string;
  readonly postalCode: string;
  /** What it keeps: it begins with this, and taxes and owners take most of what goes far beyond. */
  readonly reserveMinor: bigint;
  readonly overdraftMinor: bigint;
  readonly flows: readonly Flow[];
};

/** The demo's organisations. Wages are not here: they follow from who works where. */
export const ORGANISATIONS: readonly DemoOrganisation[] = [
  {
    key: 'backhaus',
    legalName: 'Backhaus Sommer GmbH',
    registrationNumber: 'HRB 204178 B',
    street: 'Gartenstraße 14',
    postalCode: '10115',
    reserveMinor: 3_800_000n,
    overdraftMinor: 1_000_000n,
    flows: [
      {
        kind: 'in',
        when: { weekdays: [1, 3, 5] },
        minor: [110_000n, 190_000n],
        mode: 'branch',
        text: 'Shop takings',
      },
      { kind: 'in', when: { weekdays: [2, 5] }, minor: [90_000n, 150_000n], text: 'Card takings' },
      {
        kind: 'out',
        when: { weekdays: [4] },
        minor: [140_000n, 190_000n],
        text: 'Havelmühle, flour and grain',
      },
      { kind: 'to', to: 'spreebogen', when: { day: 3 }, minor: [262_000n, 262_000n], text: 'Shop rent' },
      {
        kind: 'out',
        when: { day: 15 },
        minor: [165_000n, 205_000n],
        text: 'Stadtwerke Panke, electricity and gas',
      },
      { kind: 'out', when: { day: 24 }, minor: [520_000n, 560_000n], text: 'Social insurance' },
    ],
  },
  {
    key: 'havelbit',
    legalName: 'Havelbit Software GmbH',
    registrationNumber: 'HRB 211943 B',
    street: 'Choriner Straße 84',
    postalCode: '10119',
    reserveMinor: 12_000_000n,
    overdraftMinor: 2_500_000n,
    flows: [
      { kind: 'in', when: { day: 5 }, minor: [1_650_000n, 1_850_000n], text: 'Invoice, Panke Logistik' },
      {
        kind: 'in',
        when: { day: 12 },
        minor: [1_400_000n, 1_700_000n],
        text: 'Invoice, Hansa Rückversicherung',
      },
      { kind: 'in', when: { day: 19 }, minor: [1_500_000n, 1_900_000n], text: 'Invoice, Nordlicht Verlag' },
      { kind: 'out', when: { day: 2 }, minor: [418_000n, 418_000n], text: 'Office rent' },
      { kind: 'out', when: { day: 24 }, minor: [1_180_000n, 1_240_000n], text: 'Social insurance' },
      {
        kind: 'out',
        when: { weekdays: [2] },
        minor: [12_000n, 64_000n],
        mode: 'card',
        text: 'Train and hotel',
      },
      {
        kind: 'in',
        at: 'usd',
        when: { day: 8 },
        minor: [950_000n, 1_250_000n],
        text: 'Invoice, Lakeshore Labs',
      },
      {
        kind: 'out',
        at: 'usd',
        when: { day: 4 },
        minor: [240_000n, 320_000n],
        mode: 'card',
        text: 'Cloud hosting',
      },
      { kind: 'out', at: 'usd', when: { day: 20 }, minor: [560_000n, 720_000n], text: 'Contractor' },
    ],
  },
  {
    key: 'linden',
    legalName: 'Förderverein der Linden-Grundschule e. V.',
    registrationNumber: 'VR 33871 B',
    street: 'Schulstraße 5',
    postalCode: '13187',
    reserveMinor: 900_000n,
    overdraftMinor: 0n,
    flows: [
      {
        kind: 'in',
        when: { day: 11, months: [2, 5, 8, 11] },
        minor: [150_000n, 150_000n],
        text: 'Grant, district office',
      },
      { kind: 'in', when: { weekdays: [3] }, minor: [2_000n, 18_000n], text: 'Donations' },
      {
        kind: 'in',
        when: { day: 21, months: [6] },
        minor: [184_350n, 221_480n],
        mode: 'cash',
        text: 'Summer fair',
      },
      {
        kind: 'in',
        when: { day: 13, months: [12] },
        minor: [62_000n, 88_000n],
        mode: 'cash',
        text: 'Advent bazaar',
      },
      { kind: 'out', when: { day: 6 }, minor: [35_000n, 35_000n], text: 'Music lessons' },
      {
        kind: 'out',
        when: { day: 16, months: [5, 9] },
        minor: [148_000n, 210_000n],
        text: 'Class trip, coach and hostel',
      },
      {
        kind: 'out',
        when: { day: 22, months: [3, 8, 11] },
        minor: [22_000n, 46_000n],
        mode: 'card',
        text: 'Library books',
      },
      {
        kind: 'to',
        to: 'seitenwind',
        when: { day: 25, months: [4, 10] },
        minor: [31_000n, 52_000n],
        text: 'Reading week',
      },
    ],
  },
  {
    key: 'spreebogen',
    legalName: 'Wohnungsgenossenschaft Spreebogen eG',
    registrationNumber: 'GnR 612 B',
    street: 'Bornholmer Straße 2',
    postalCode: '10439',
    reserveMinor: 18_000_000n,
    overdraftMinor: 0n,
    flows: [
      {
        kind: 'in',
        when: { day: 4 },
        minor: [6_180_000n, 6_320_000n],
        text: 'Rents, tenants at other banks',
      },
      { kind: 'out', when: { day: 15 }, minor: [3_846_000n, 3_846_000n], text: 'Mortgage, houses 2 to 31' },
      { kind: 'out', when: { weekdays: [3] }, minor: [90_000n, 420_000n], text: 'Repairs' },
      {
        kind: 'out',
        when: { day: 18 },
        minor: [780_000n, 1_390_000n],
        text: 'Stadtwerke Panke, district heating',
      },
      { kind: 'out', when: { day: 24 }, minor: [340_000n, 362_000n], text: 'Social insurance' },
      {
        kind: 'out',
        when: { day: 10, months: [1, 7] },
        minor: [1_120_000n, 1_180_000n],
        text: 'Building insurance',
      },
      {
        kind: 'to',
        to: 'spreebogen:savings',
        when: { day: 26 },
        minor: [500_000n, 500_000n],
        text: 'Maintenance reserve',
      },
    ],
  },
  {
    key: 'morgenrot',
    legalName: 'Café Morgenrot GmbH',
    registrationNumber: 'HRB 198825 B',
    street: 'Torstraße 120',
    postalCode: '10119',
    reserveMinor: 1_700_000n,
    overdraftMinor: 500_000n,
    flows: [
      {
        kind: 'in',
        when: { weekdays: [1, 3, 5] },
        minor: [75_000n, 125_000n],
        mode: 'branch',
        text: 'Takings',
      },
      { kind: 'in', when: { weekdays: [2, 4] }, minor: [70_000n, 120_000n], text: 'Card takings' },
      {
        kind: 'to',
        to: 'backhaus',
        when: { weekdays: [5] },
        minor: [18_000n, 27_000n],
        text: 'Bread and cakes',
      },
      { kind: 'out', when: { weekdays: [2] }, minor: [60_000n, 95_000n], text: 'Kaffeerösterei Pfau' },
      {
        kind: 'out',
        when: { weekdays: [4] },
        minor: [45_000n, 80_000n],
        mode: 'card',
        text: 'Wholesale market',
      },
      { kind: 'to', to: 'spreebogen', when: { day: 3 }, minor: [194_000n, 194_000n], text: 'Café rent' },
      { kind: 'out', when: { day: 24 }, minor: [245_000n, 262_000n], text: 'Social insurance' },
    ],
  },
  {
    key: 'kette',
    legalName: 'Kettenreaktion Fahrradwerkstatt UG (haftungsbeschränkt)',
    registrationNumber: 'HRB 226307 B',
    street: 'Wollankstraße 112',
    postalCode: '13187',
    reserveMinor: 1_300_000n,
    overdraftMinor: 300_000n,
    flows: [
      { kind: 'in', when: { weekdays: [2, 5] }, minor: [95_000n, 155_000n], text: 'Card takings' },
      { kind: 'in', when: { weekdays: [1] }, minor: [30_000n, 60_000n], mode: 'branch', text: 'Takings' },
      { kind: 'out', when: { weekdays: [3] }, minor: [50_000n, 92_000n], text: 'Bicycle parts' },
      { kind: 'out', when: { day: 2 }, minor: [143_000n, 143_000n], text: 'Workshop rent' },
      { kind: 'out', when: { day: 24 }, minor: [205_000n, 218_000n], text: 'Social insurance' },
    ],
  },
  {
    key: 'physio',
    legalName: 'Physiotherapie am Park PartG',
    registrationNumber: 'PR 1459 B',
    street: 'Florastraße 51',
    postalCode: '13187',
    reserveMinor: 1_500_000n,
    overdraftMinor: 300_000n,
    flows: [
      {
        kind: 'in',
        when: { day: 9 },
        minor: [560_000n, 640_000n],
        text: 'Health insurers, first settlement',
      },
      {
        kind: 'in',
        when: { day: 23 },
        minor: [480_000n, 590_000n],
        text: 'Health insurers, second settlement',
      },
      { kind: 'in', when: { weekdays: [4] }, minor: [30_000n, 72_000n], text: 'Private patients' },
      { kind: 'to', to: 'spreebogen', when: { day: 3 }, minor: [151_000n, 151_000n], text: 'Practice rent' },
      { kind: 'out', when: { day: 14 }, minor: [38_000n, 71_000n], text: 'Medical supplies' },
      { kind: 'out', when: { day: 24 }, minor: [252_000n, 266_000n], text: 'Social insurance' },
    ],
  },
  {
    key: 'seitenwind',
    legalName: 'Buchhandlung Seitenwind e. K.',
    registrationNumber: 'HRA 51290 B',
    street: 'Pappelallee 31',
    postalCode: '10437',
    reserveMinor: 1_100_000n,
    overdraftMinor: 200_000n,
    flows: [
      { kind: 'in', when: { weekdays: [2, 5] }, minor: [40_000n, 75_000n], mode: 'branch', text: 'Takings' },
      { kind: 'in', when: { weekdays: [1] }, minor: [110_000n, 190_000n], text: 'Card takings' },
      {
        kind: 'in',
        when: { day: 17, months: [3, 9] },
        minor: [46_000n, 88_000n],
        mode: 'cheque',
        text: 'Library order',
      },
      { kind: 'out', when: { weekdays: [3] }, minor: [90_000n, 150_000n], text: 'Book wholesaler' },
      { kind: 'out', when: { day: 2 }, minor: [128_000n, 128_000n], text: 'Shop rent' },
      { kind: 'out', when: { day: 24 }, minor: [98_000n, 106_000n], text: 'Social insurance' },
    ],
  },
];
