/** The bucket's policy with CloudFront's statement in it: node merge-policy.mts <policy file> <statement file> */
import { readFileSync } from 'node:fs';

interface Statement {
  readonly Sid?: string;
}

interface Policy {
  readonly Version: string;
  readonly Statement: Statement | readonly Statement[];
}

const [policyFile, statementFile] = process.argv.slice(2);
if (policyFile === undefined || statementFile === undefined) {
  console.error('usage: node merge-policy.mts <file of the policy> <file of the statement>');
  process.exit(64);
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const policy = readJson(policyFile) as Policy;
const statement = readJson(statementFile) as Statement;
// A policy may have one statement without a list. An earlier one of the same id is replaced, all others stay.
const others = [policy.Statement].flat().filter(({ Sid }) => Sid !== statement.Sid);
console.log(JSON.stringify({ ...policy, Statement: [...others, statement] }, undefined, 2));
