import { createSign, type KeyObject, createPrivateKey } from 'node:crypto';
import { run } from '../../launcher/command.ts';
import { installMoto } from './install-moto.ts';

const MAKE = `
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
now = datetime.datetime.now(datetime.timezone.utc)
begin, end = (now + datetime.timedelta(days=int(days)) for days in sys.argv[1:3])
made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
made = made.serial_number(1).not_valid_before(begin).not_valid_after(end).sign(key, hashes.SHA256())
plain = serialization.NoEncryption()
print(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode())
print(made.public_bytes(serialization.Encoding.PEM).decode())
`;

/** Somebody who signs messages as SNS does, with a certificate that is good from so many days from now to so many. */
export class SnsSigner {
  private constructor(
    private readonly key: KeyObject,
    readonly certificate: string,
  ) {}

  static async make(fromDays = -1, toDays = 30): Promise<SnsSigner> {
    const pems = await run(await installMoto(), ['-c', MAKE, String(fromDays), String(toDays)]);
    const at = pems.indexOf('-----BEGIN CERTIFICATE');
    return new SnsSigner(createPrivateKey(pems.slice(0, at)), pems.slice(at).trim());
  }

  /** The message with its signature, which is of what the documentation of SNS lists, in its order. */
  sign<T extends Record<string, string>>(message: T): T & { Signature: string } {
    const confirmation = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const notification = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
    const signer = createSign(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
    for (const name of message.Type === 'Notification' ? notification : confirmation)
      if (message[name] !== undefined) signer.update(`${name}\n${message[name]}\n`);
    return { ...message, Signature: signer.sign(this.key, 'base64') };
  }
}
