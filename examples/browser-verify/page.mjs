import { verify } from './verify.ts';

const [input, output] = [document.querySelector('input'), document.querySelector('output')];

input?.addEventListener('change', async () => {
  const file = input.files?.[0];
  if (!file || !output) return;
  const { ok, lines } = await verify(await file.text());
  output.textContent = [ok ? 'The artifact is whole.' : 'The artifact is NOT whole.', ...lines].join('\n');
});
