// stdin: {"seed": "<64 hex digits>", "sign": [{"suite", "presentation", "challenge", "domain"}], "verify": [{"suite",
// "presentation", "challenge", "domain"}]}; stdout: {"signed": [...], "verified": [true, …]}.
import * as vc from '@digitalbazaar/vc';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {text} from 'node:stream/consumers';
import {documentLoader, publishKey} from './documents.mjs';

const {seed, sign, verify} = JSON.parse(await text(process.stdin));
const keyPair = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')});
keyPair.controller = `did:key:${keyPair.publicKeyMultibase}`;
keyPair.id = `${keyPair.controller}#${keyPair.publicKeyMultibase}`;
publishKey(keyPair.id);

const signed = [];
for(const {suite, presentation, challenge, domain} of sign) {
  const cryptosuite = suite === 'jcs' ? createSignCryptosuite() : rdfc;
  const proof = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite});
  signed.push(await vc.signPresentation({presentation, suite: proof, challenge, domain, documentLoader}));
}

const verified = [];
for(const {suite, presentation, challenge, domain} of verify) {
  const suites = [new DataIntegrityProof({cryptosuite: suite === 'jcs' ? createVerifyCryptosuite() : rdfc})];
  const checkStatus = async () => ({verified: true});
  const result = await vc.verify({presentation, suite: suites, challenge, domain, documentLoader, checkStatus});
  verified.push(result.verified ? true : String(result.error?.errors ?? result.error));
}
process.stdout.write(JSON.stringify({signed, verified}));
