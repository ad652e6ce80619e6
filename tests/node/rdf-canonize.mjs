// stdin: [N-Quads, …]; stdout: each in its RDFC-1.0 form, by rdf-canonize.
import {canonize} from 'rdf-canonize';
import {text} from 'node:stream/consumers';

const answers = [];
for(const input of JSON.parse(await text(process.stdin))) {
  answers.push(await canonize(input, {algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads', maxDeepIterations: Infinity, maxWorkFactor: Infinity}));
}
process.stdout.write(JSON.stringify(answers));
