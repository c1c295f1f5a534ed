import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Types, source maps, sources of TypeScript and pages to read: nothing that runs reads them. */
const ENDINGS = ['.map', '.ts', '.mts', '.cts', '.flow', '.md', '.markdown'];
/** Licences stay, whatever they are written in. */
const LICENCE = /^(licen[cs]e|notice|copying)/i;
/** The two fonts that PDFs are printed in, of the 21 in the package. */
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
const FONT_FOLDER = 'dejavu-fonts-ttf/ttf';
/** Of Noto Sans: Chinese, Japanese and Korean letters, and of the other families those of their own script. */
const NOTO =
  /noto-sans-(sc|jp|kr)-\d+-wght|noto-sans-([a-z]+)-\2-wght|unicode\.json$|package\.json$|LICENSE$/;
/** Builds for browsers, old engines and other module systems, where one is read, and what a library tests itself with. */
const OTHER_BUILDS = [
  /pdfkit\/js\/(?!pdfkit\.browser\.mjs$|data\/)/,
  /fontkit\/dist\/(?!module\.mjs$)/,
  /bintrees\/test\//,
  /\.test\.js$/,
  /dejavu-fonts-ttf\/status\.txt$/,
  /libphonenumber-js\/(bundle|es6|es6-modern|source|mobile|max)\//,
];

/** Whether a file below node_modules stays out of the image, by its path with slashes. */
function isLeftOut(path: string): boolean {
  if (LICENCE.test(basename(path))) return false;
  if (ENDINGS.some((ending) => path.endsWith(ending))) return true;
  if (OTHER_BUILDS.some((build) => build.test(path))) return true;
  if (path.includes('@fontsource-variable/')) return !NOTO.test(path);
  return path.includes(FONT_FOLDER) && !FONTS.includes(basename(path));
}

/** `npm run image:install`, second half: deletes from node_modules what a production image never reads. */
function main(): void {
  const files = readdirSync('node_modules', { recursive: true, withFileTypes: true });
  for (const file of files) {
    const path = join(file.parentPath, file.name).replaceAll('\\', '/');
    if (file.isFile() && isLeftOut(path)) rmSync(path);
  }
}

main();
