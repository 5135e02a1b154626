/** What makes commands of programs and ends what is left of them; apart from the hosts, so that no engine is loaded. */
export { FOLDER_PREFIX } from './process/child.js';
export { type ChildNotice, confinementOf, type ProcessCommand } from './process/command.js';
export { NODE_HOST_FILE, PYTHON_HOST_FILE } from './process/host-files.js';
export { killGroup } from './process/kill-group.js';
export { joinWords, splitWords } from './process/words.js';
