import { assert } from '#lib/assert.ts';
import { type IsoDate, isoDate } from '#lib/time/dates.ts';

/** A private customer and how they live. Amounts in cents a month. */
export type DemoPerson = {
  /** The name in the e-mail address, and what the other tables call them. */
  readonly key: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly sex: 'female' | 'male';
  readonly dateOfBirth: IsoDate;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  /** The key of an organisation that banks here, or the name of one that does not. */
  readonly payer: string;
  readonly netMinor: bigint;
  readonly rentMinor: bigint;
  readonly landlord: Landlord;
  /** Zero: no savings account. */
  readonly savingMinor: bigint;
  readonly overdraftMinor: bigint;
};

/** The cooperative that banks here, another landlord, a mortgage, or nobody: the household's account pays. */
type Landlord = 'coop' | 'other' | 'mortgage' | 'none';

/** Key, given and family name, sex, birth, address; payer and pay, rent, landlord, saving, overdraft in euros. */
const TABLE = `
anna.sommer|Anna|Sommer|f|1979-03-12|Gartenstraße 14|10115 Berlin|backhaus|3400|0|none|300|2000
jonas.sommer|Jonas|Sommer|m|1977-08-25|Gartenstraße 14|10115 Berlin|backhaus|2600|0|none|150|0
mehmet.yilmaz|Mehmet|Yılmaz|m|1988-11-02|Koloniestraße 87|13359 Berlin|backhaus|2150|740|coop|100|500
lea.hoffmann|Lea|Hoffmann|f|1996-05-19|Prinzenallee 33|13359 Berlin|backhaus|1980|640|coop|0|500
piotr.nowak|Piotr|Nowak|m|1983-01-30|Soldiner Straße 20|13359 Berlin|backhaus|2050|590|other|0|0
clara.weiss|Clara|Weiß|f|1987-06-04|Kastanienallee 52|10119 Berlin|havelbit|4300|0|none|500|3000
daniel.okafor|Daniel|Okafor|m|1985-12-17|Kastanienallee 52|10119 Berlin|havelbit|4150|0|none|450|0
sofia.rossi|Sofia|Rossi|f|1991-09-08|Oderberger Straße 9|10435 Berlin|havelbit|3650|1120|other|400|1500
felix.krueger|Felix|Krüger|m|1993-02-21|Danziger Straße 140|10407 Berlin|havelbit|3380|980|coop|300|1000
priya.raman|Priya|Raman|f|1994-10-11|Bötzowstraße 26|10407 Berlin|havelbit|3520|1050|other|600|0
emily.carter|Emily|Carter|f|1990-04-27|Choriner Straße 61|10435 Berlin|havelbit|3900|1240|other|350|2000
lukas.engel|Lukas|Engel|m|1998-07-15|Schivelbeiner Straße 5|10439 Berlin|havelbit|2950|830|coop|200|1000
nina.petersen|Nina|Petersen|f|1989-08-03|Stargarder Straße 72|10437 Berlin|havelbit|3720|1080|other|300|0
greta.vogel|Greta|Vogel|f|1982-02-14|Torstraße 118|10119 Berlin|morgenrot|2700|870|coop|150|1000
ali.haddad|Ali|Haddad|m|1995-03-29|Müllerstraße 156|13353 Berlin|morgenrot|1850|560|coop|0|500
paula.stein|Paula|Stein|f|2001-12-06|Turiner Straße 11|13347 Berlin|morgenrot|1320|430|other|0|300
henrik.bauer|Henrik|Bauer|m|1981-05-23|Schönhauser Allee 64|10437 Berlin|kette|2850|0|none|200|1500
tomas.novotny|Tomáš|Novotný|m|1992-11-18|Wollankstraße 90|13187 Berlin|kette|2180|690|coop|0|0
julia.brandt|Julia|Brandt|f|1986-01-09|Florastraße 47|13187 Berlin|physio|2900|910|coop|250|1000
samuel.adler|Samuel|Adler|m|1984-06-30|Mühlenstraße 12|13187 Berlin|physio|2760|820|other|180|0
ruth.seidel|Ruth|Seidel|f|1973-09-16|Pappelallee 28|10437 Berlin|seitenwind|2300|720|coop|100|800
oskar.winter|Oskar|Winter|m|1969-04-02|Bornholmer Straße 17|10439 Berlin|spreebogen|2980|650|coop|300|0
birgit.lang|Birgit|Lang|f|1975-10-25|Malmöer Straße 3|10439 Berlin|spreebogen|3120|880|mortgage|250|1000
katrin.bauer|Katrin|Bauer|f|1983-07-07|Schönhauser Allee 64|10437 Berlin|Land Berlin|3350|0|none|350|0
marie.dubois|Marie|Dubois|f|1992-03-13|Lychener Straße 39|10437 Berlin|Klinikum Nordend|2880|890|coop|200|500
timo.berger|Timo|Berger|m|1990-12-28|Gleimstraße 55|10437 Berlin|Klinikum Nordend|2540|780|coop|150|1000
hannah.fischer|Hannah|Fischer|f|1985-05-05|Eberswalder Straße 22|10437 Berlin|Land Berlin|3180|0|none|300|0
david.fischer|David|Fischer|m|1984-11-11|Eberswalder Straße 22|10437 Berlin|Stadtwerke Panke|3240|0|none|250|1500
ingrid.larsen|Ingrid|Larsen|f|1980-08-19|Zionskirchstraße 40|10119 Berlin|Nordlicht Verlag|3050|1010|other|200|0
viktor.lindqvist|Viktor|Lindqvist|m|1987-02-03|Invalidenstraße 131|10115 Berlin|Panke Logistik|2320|760|other|0|500
reto.zbinden|Reto|Zbinden|m|1976-06-21|Linienstraße 88|10119 Berlin|Hansa Rückversicherung|5200|1480|mortgage|800|5000
amira.saleh|Amira|Saleh|f|1997-01-24|Badstraße 43|13357 Berlin|Klinikum Nordend|2390|670|coop|0|300
stefan.keller|Stefan|Keller|m|1971-03-31|Greifswalder Straße 205|10405 Berlin|Stadtwerke Panke|3480|1050|mortgage|400|0
monika.keller|Monika|Keller|f|1972-12-12|Greifswalder Straße 205|10405 Berlin|Land Berlin|2650|0|none|200|0
helga.brandt|Helga|Brandt|f|1946-04-18|Berliner Straße 29|13187 Berlin|Rentenkasse Bund|1740|520|coop|100|0
karl.heinze|Karl|Heinze|m|1943-10-09|Breite Straße 8|13187 Berlin|Rentenkasse Bund|1920|480|coop|150|0
erika.schulz|Erika|Schulz|f|1951-07-27|Kissingenstraße 16|13189 Berlin|Rentenkasse Bund|1580|510|coop|0|300
wolfgang.thiele|Wolfgang|Thiele|m|1949-01-05|Vinetastraße 60|13189 Berlin|Rentenkasse Bund|2240|610|coop|200|0
max.schreiber|Max|Schreiber|m|2004-09-02|Ackerstraße 76|13355 Berlin|Studierendenwerk|960|390|other|0|200
zoe.klein|Zoë|Klein|f|2003-05-28|Hussitenstraße 19|13355 Berlin|Studierendenwerk|980|410|coop|0|0
ben.arnold|Ben|Arnold|m|2000-02-29|Swinemünder Straße 104|13355 Berlin|Panke Logistik|1680|540|coop|0|500
lina.haas|Lina|Haas|f|1999-11-20|Brunnenstraße 150|10115 Berlin|Nordlicht Verlag|2120|720|other|0|300`;

/** The demo's private customers. */
export const PEOPLE: readonly DemoPerson[] = TABLE.trim().split('\n').map(readPerson);

function readPerson(line: string): DemoPerson {
  const cells = line.split('|');
  const cell = (index: number): string => {
    const text = cells[index];
    assert(text !== undefined && text !== '', `the demo's people have 13 columns: ${line}`);
    return text;
  };
  const place = cell(6);
  return {
    key: cell(0),
    givenName: cell(1),
    familyName: cell(2),
    sex: cell(3) === 'f' ? 'female' : 'male',
    dateOfBirth: isoDate(cell(4)),
    street: cell(5),
    postalCode: place.slice(0, 5),
    city: place.slice(6),
    country: 'DE',
    payer: cell(7),
    netMinor: cents(cell(8)),
    rentMinor: cents(cell(9)),
    landlord: readLandlord(cell(10)),
    savingMinor: cents(cell(11)),
    overdraftMinor: cents(cell(12)),
  };
}

function readLandlord(text: string): Landlord {
  assert(text === 'coop' || text === 'other' || text === 'mortgage' || text === 'none', 'a kind of landlord');
  return text;
}

function cents(euros: string): bigint {
  return BigInt(euros) * 100n;
}
