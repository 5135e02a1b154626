/** The system calls of one architecture that the filter knows. */
export interface SyscallTable {
  /** How the kernel calls the architecture (AUDIT_ARCH_*). */
  audit: number;
  /** Where the numbers of a second calling convention begin (x32); null where there is none. */
  foreignFrom: number | null;
  numbers: Readonly<Record<string, number>>;
}

/** Refused whatever the arguments are. */
export const ALWAYS_REFUSED: readonly string[] = [
  // Other processes.
  ...['ptrace', 'process_vm_readv', 'process_vm_writev', 'kcmp', 'pidfd_getfd', 'process_madvise'],
  // Mounts, roots and namespaces.
  ...['mount', 'umount2', 'move_mount', 'open_tree', 'open_tree_attr', 'fsopen', 'fsconfig', 'fsmount', 'fspick'],
  ...['mount_setattr', 'pivot_root', 'chroot', 'setns', 'unshare', 'sethostname', 'setdomainname'],
  // Files by handle, whatever path leads to them.
  ...['open_by_handle_at', 'name_to_handle_at', 'lookup_dcookie', 'fanotify_init', 'fanotify_mark'],
  // Where most holes of the kernel were found.
  ...['keyctl', 'add_key', 'request_key', 'bpf', 'perf_event_open', 'userfaultfd', 'modify_ldt'],
  ...['io_uring_setup', 'io_uring_enter', 'io_uring_register', 'vmsplice'],
  // The machine itself.
  ...['kexec_load', 'kexec_file_load', 'init_module', 'finit_module', 'delete_module', 'create_module'],
  ...['get_kernel_syms', 'query_module', 'uselib', '_sysctl', 'nfsservctl', 'quotactl', 'quotactl_fd'],
  ...['syslog', 'acct', 'swapon', 'swapoff', 'reboot', 'iopl', 'ioperm', 'vhangup'],
  ...['settimeofday', 'clock_settime', 'adjtimex', 'clock_adjtime', 'migrate_pages', 'move_pages'],
];

/** Numbered alike on every architecture. */
const SHARED = {
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  clone3: 435,
  pidfd_getfd: 438,
  process_madvise: 440,
  mount_setattr: 442,
  quotactl_fd: 443,
  open_tree_attr: 467,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
};

export const SYSCALLS = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    numbers: {
      ...SHARED,
      ...{ ioctl: 16, socket: 41, clone: 56, fork: 57, vfork: 58, ptrace: 101, syslog: 103, personality: 135 },
      ...{ uselib: 134, vhangup: 153, modify_ldt: 154, pivot_root: 155, _sysctl: 156, adjtimex: 159, chroot: 161 },
      ...{ acct: 163, settimeofday: 164, mount: 165, umount2: 166, swapon: 167, swapoff: 168, reboot: 169 },
      ...{ sethostname: 170, setdomainname: 171, iopl: 172, ioperm: 173, create_module: 174, init_module: 175 },
      ...{ delete_module: 176, get_kernel_syms: 177, query_module: 178, quotactl: 179, nfsservctl: 180 },
      ...{ lookup_dcookie: 212, clock_settime: 227, kexec_load: 246, add_key: 248, request_key: 249, keyctl: 250 },
      ...{ migrate_pages: 256, unshare: 272, vmsplice: 278, move_pages: 279, perf_event_open: 298 },
      ...{ fanotify_init: 300, fanotify_mark: 301, name_to_handle_at: 303, open_by_handle_at: 304 },
      ...{ clock_adjtime: 305, setns: 308, process_vm_readv: 310, process_vm_writev: 311, kcmp: 312 },
      ...{ finit_module: 313, kexec_file_load: 320, bpf: 321, userfaultfd: 323 },
    },
  },
  arm64: {
    audit: 0xc00000b7,
    foreignFrom: null,
    numbers: {
      ...SHARED,
      ...{ lookup_dcookie: 18, ioctl: 29, umount2: 39, mount: 40, pivot_root: 41, nfsservctl: 42, chroot: 51 },
      ...{ vhangup: 58, quotactl: 60, vmsplice: 75, acct: 89, personality: 92, unshare: 97, kexec_load: 104 },
      ...{ init_module: 105, delete_module: 106, clock_settime: 112, syslog: 116, ptrace: 117, reboot: 142 },
      ...{ sethostname: 161, setdomainname: 162, settimeofday: 170, adjtimex: 171, socket: 198, add_key: 217 },
      ...{ request_key: 218, keyctl: 219, clone: 220, swapon: 224, swapoff: 225, migrate_pages: 238 },
      ...{ move_pages: 239, perf_event_open: 241, fanotify_init: 262, fanotify_mark: 263 },
      ...{ name_to_handle_at: 264, open_by_handle_at: 265, clock_adjtime: 266, setns: 268 },
      ...{ process_vm_readv: 270, process_vm_writev: 271, kcmp: 272, finit_module: 273, bpf: 280 },
      ...{ userfaultfd: 282, kexec_file_load: 294 },
    },
  },
} satisfies Record<string, SyscallTable>;
