# Ends at once, and leaves the pipe in the hands of a process that goes on writing to it.
setsid sh -c 'while :; do echo still here; sleep 1; done' '__MARK__' &
sleep 0.2
exit 0
