/** The JSON pointer (RFC 6901) of `segment` below `pointer`. */
export function pointerTo(pointer: string, segment: string | number): string {
  if (typeof segment === 'number' || !/[~/]/.test(segment)) return `${pointer}/${segment}`;
  return `${pointer}/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The segments of a JSON pointer, unescaped; null when it is none. The empty pointer has none. */
export function segmentsOf(pointer: string): string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null;
  const segments = pointer.slice(1).split('/');
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
