/** The words that mean something to the grammar. */
export const reserved = new Set('if then else elif fi do done case esac while until for { } ! in'.split(' '));
export const bashReserved = new Set('[[ ]] function select time coproc'.split(' '));
export const closers = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}', ')', ';;', ';&', ';;&']);
export const assignment = /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=/;
/** dash and ash let no function take their names. */
export const specialBuiltins = new Set(
  'break continue eval exec exit export readonly return set shift source times trap unset'.split(' '),
);
export const identifier = /^[A-Za-z_]\w*$/;
