// stdin: {"controller": "did:web:…", "seed": "<64 hex digits>", "questions": [{"suite", "credential"}]};
// stdout: the signed credentials.
import * as vc from '@digitalbazaar/vc';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createSignCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {text} from 'node:stream/consumers';
import {documentLoader} from './documents.mjs';

const {controller, seed, questions} = JSON.parse(await text(process.stdin));
const keyPair = await Ed25519Multikey.generate({controller, seed: Buffer.from(seed, 'hex')});
keyPair.id = `${controller}#${keyPair.publicKeyMultibase}`;

const signed = [];
for(const {suite, credential} of questions) {
  const cryptosuite = suite === 'jcs' ? createSignCryptosuite() : rdfc;
  const proof = new DataIntegrityProof({signer: keyPair.signer(), date: '2026-06-30T12:00:00Z', cryptosuite});
  signed.push(await vc.issue({credential, suite: proof, documentLoader}));
}
process.stdout.write(JSON.stringify(signed));
