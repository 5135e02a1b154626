# Opens for writing, and writes nothing: a machine that does not hold must not be changed by being asked.
attempt() {
  case $1 in
    1) head -c 16 /dev/mem /dev/kmem /dev/sda /dev/vda /dev/port 2>/dev/null | grep -q . && echo devices allowed ;;
    2) mount -t tmpfs none "$PWD" && echo mount allowed ;;
    3) unshare -Ur true && echo unshare allowed ;;
    4) (: >> /proc/sys/kernel/core_pattern) && echo sysctl allowed ;;
    5) (: >> /proc/sysrq-trigger) && echo sysrq allowed ;;
    6) mknod d b 8 0 && echo mknod allowed ;;
  esac
}
. ./serve.sh
