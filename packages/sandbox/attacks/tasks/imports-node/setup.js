import { readFileSync } from 'node:fs';

export default () => ({ answer: readFileSync('__SECRET_FILE__', 'utf8') });
