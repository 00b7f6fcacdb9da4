/** As uname(2) and /proc/version give it. */
export const kernelVersion = '#1 SMP PREEMPT_DYNAMIC Debian 6.8.12-1 (2024-05-31)';
