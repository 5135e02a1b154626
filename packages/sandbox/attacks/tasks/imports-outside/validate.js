import '../../secret.js';

export default () => ({ ok: true });
