import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Types and source maps: nothing that runs reads them. */
const ENDINGS = ['.map', '.d.ts', '.d.mts', '.d.cts'];
/** The two fonts that PDFs are printed in, of the 21 in the package. */
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
const FONT_FOLDER = 'dejavu-fonts-ttf/ttf';
/** Of Noto Sans, what else than the weights that PDFs are printed in. */
const OTHER_NOTO = /@fontsource-variable\/.*(?:-standard-normal\.woff2|-wdth-normal\.woff2|\.css|\.scss)$/;
/** Builds of pdfkit for old engines and for browsers. */
const OTHER_BUILD = /pdfkit\/js\/pdfkit\..*\.(old|standalone)\./;

/** Whether a file below node_modules stays out of the image, by its path with slashes. */
function isLeftOut(path: string): boolean {
  if (ENDINGS.some((ending) => path.endsWith(ending)) || OTHER_BUILD.test(path)) return true;
  if (OTHER_NOTO.test(path)) return true;
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
