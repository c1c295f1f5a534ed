import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

/** Certificates are made by the program that every Unix has. */
export const NO_OPENSSL =
  spawnSync('openssl', ['version']).status !== 0 && 'makes certificates with openssl, which is not here';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

/** Makes an authority in a folder, as `NAME.pem` with `NAME.key`; the path of its certificate. */
export function makeAuthority(folder: string, name: string): string {
  const certificate = path.join(folder, `${name}.pem`);
  const key = path.join(folder, `${name}.key`);
  openssl('req', '-x509', ...NEW_KEY, '-keyout', key, '-out', certificate, '-subj', `/CN=${name}`);
  return certificate;
}

/** Makes a server's certificate and key in a folder, of an authority and for one name: `IP:127.0.0.1`. */
export function makeServerCertificate(
  authority: string,
  subjectName: string,
  files: { readonly certificate: string; readonly key: string },
): void {
  const { certificate, key } = files;
  const signed = ['-CA', authority, '-CAkey', authority.replace(/\.pem$/, '.key')];
  const extensions = ['-addext', `subjectAltName=${subjectName}`, '-addext', 'basicConstraints=CA:FALSE'];
  const subject = ['-subj', '/CN=database'];
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    ...signed,
    '-keyout',
    key,
    '-out',
    certificate,
    ...subject,
    ...extensions,
  );
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
