import { ALWAYS_REFUSED, SYSCALLS, type SyscallTable } from './syscalls.js';

/** Offsets into the kernel's `struct seccomp_data`; arguments are 64 bits each, the low half first. */
const NUMBER = 0;
const ARCH = 4;
const argument = (index: number) => 16 + 8 * index;

const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;

/** CLONE_NEW* of mount, cgroup, uts, ipc, user, pid and net. */
const NEW_NAMESPACES = 0x7e020000;
const CLONE_THREAD = 0x00010000;
/** Fakes input on a terminal (TIOCSTI), and what the console has selected (TIOCLINUX). */
const TERMINAL_INPUT = [0x5412, 0x541c];
/** Unix, IPv4, IPv6. */
const FAMILIES = [1, 2, 10];
/** The persona a process has anyway, and the one that only asks. */
const PERSONAS = [0, 0xffffffff];

type Instruction = [code: number, ifTrue: number, ifFalse: number, value: number];

/**
 * The system call filter as the bytes that `bwrap --seccomp` reads: `sock_filter` instructions of 8 bytes, little endian.
 * It refuses what reaches other processes, mounts, namespaces, the kernel's rarer entrances, and sockets but those of
 * the (empty) network; with `processes` false also new processes, while threads go on working.
 */
export function seccompFilter(arch: keyof typeof SYSCALLS, { processes }: { processes: boolean }): Uint8Array {
  const table: SyscallTable = SYSCALLS[arch];
  const program = [...header(table), ...refusals(table, processes), allow()];
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([code, ifTrue, ifFalse, value], index) => {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, ifTrue);
    bytes.setUint8(index * 8 + 3, ifFalse);
    bytes.setUint32(index * 8 + 4, value, true);
  });
  return new Uint8Array(bytes.buffer);
}

const load = (offset: number): Instruction => [LOAD, 0, 0, offset];
const give = (answer: number): Instruction => [RETURN, 0, 0, answer];
const allow = () => give(ALLOW);

/** Another architecture's calls have other numbers, and the filter would read them wrongly. */
function header({ audit, foreignFrom }: SyscallTable): Instruction[] {
  const program: Instruction[] = [load(ARCH), [JUMP_IF_EQUAL, 1, 0, audit], give(KILL_PROCESS), load(NUMBER)];
  if (foreignFrom !== null) program.push([JUMP_IF_AT_LEAST, 0, 1, foreignFrom], give(EPERM));
  return program;
}

function refusals({ numbers }: SyscallTable, processes: boolean): Instruction[] {
  const names = processes ? ALWAYS_REFUSED : [...ALWAYS_REFUSED, 'fork', 'vfork'];
  const plain = names.flatMap((name) => {
    const number = numbers[name];
    return number === undefined ? [] : when(number, [give(EPERM)]);
  });
  return [
    ...plain,
    // Its flags lie in memory, where a filter cannot look; without it C libraries use clone.
    ...when(numbers.clone3, [give(ENOSYS)]),
    ...when(numbers.clone, [
      load(argument(0)),
      [JUMP_IF_ANY_BIT, 0, 1, NEW_NAMESPACES],
      give(EPERM),
      ...(processes ? [] : ([[JUMP_IF_ANY_BIT, 1, 0, CLONE_THREAD], give(EPERM)] satisfies Instruction[])),
      allow(),
    ]),
    ...when(numbers.ioctl, [
      load(argument(1)),
      ...TERMINAL_INPUT.flatMap((request) => ifValue(request, EPERM)),
      allow(),
    ]),
    ...when(numbers.socket, [load(argument(0)), ...FAMILIES.flatMap((family) => ifValue(family, ALLOW)), give(EPERM)]),
    ...when(numbers.personality, [
      load(argument(0)),
      ...PERSONAS.flatMap((persona) => ifValue(persona, ALLOW)),
      give(EPERM),
    ]),
  ];
}

/** Runs `body`, which must end in an answer, for one system call; the number is still loaded for the next. */
function when(number: number | undefined, body: Instruction[]): Instruction[] {
  if (number === undefined) return [];
  return [[JUMP_IF_EQUAL, 0, body.length, number], ...body];
}

const ifValue = (value: number, answer: number): Instruction[] => [[JUMP_IF_EQUAL, 0, 1, value], give(answer)];
