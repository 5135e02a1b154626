// @boundaries-ignore the package is put beside the agent when the attack is played
import setup from 'copied-task/setup.js';

export default { act: () => ({ type: 'open', args: { code: setup.toString() } }) };
