import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

// DER tags (X.690) and object identifiers, in hexadecimal as they stand in a certificate.
const [INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, UTF8] = [0x02, 0x03, 0x04, 0x05, 0x06, 0x0c];
const [UTC_TIME, GENERALIZED_TIME] = [0x17, 0x18];
const [SEQUENCE, SET, VERSION, EXTENSIONS] = [0x30, 0x31, 0xa0, 0xa3];
const [DNS_NAME, IP_ADDRESS] = [0x82, 0x87];
const SHA256_WITH_RSA = '2a864886f70d01010b';
const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';

/** Section 4.1.2.5: years from 2050 are in GeneralizedTime; the last one stands for "no end". */
const VALIDITY = der(
  SEQUENCE,
  der(UTC_TIME, Buffer.from('200101000000Z')),
  der(GENERALIZED_TIME, Buffer.from('99991231235959Z')),
);

/**
 * A self-signed certificate (RFC 5280, section 4.1), made afresh: `node:crypto` reads certificates
 * but makes none, and a program that does may not be there.
 *
 * @param {{ host: string } | { ip: string }} subject
 * @returns {{ key: string, cert: string }} in PEM
 */
export function selfSignedCertificate(subject) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = der(SEQUENCE, der(OID, hex(SHA256_WITH_RSA)), der(NULL));
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OID, hex(COMMON_NAME)), der(UTF8, Buffer.from('key server')))),
  );
  const alternative =
    'host' in subject
      ? der(DNS_NAME, Buffer.from(subject.host))
      : der(IP_ADDRESS, Buffer.from(subject.ip.split('.').map(Number)));
  const extension = der(
    SEQUENCE,
    der(OID, hex(SUBJECT_ALT_NAME)),
    der(OCTET_STRING, der(SEQUENCE, alternative)),
  );
  const toBeSigned = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    VALIDITY,
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(EXTENSIONS, der(SEQUENCE, extension)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const bits = der(BIT_STRING, Buffer.from([0]), signature);
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: pem(der(SEQUENCE, toBeSigned, algorithm, bits)),
  };
}

/**
 * @param {number} tag
 * @param {...Buffer} contents
 */
function der(tag, ...contents) {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** @param {string} digits */
function hex(digits) {
  return Buffer.from(digits, 'hex');
}

/** @param {Buffer} bytes */
function pem(bytes) {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
