// dns: getaddrinfo(3).
const isIp = (name) => /^\d+\.\d+\.\d+\.\d+$/.test(name);
function failureOf(failure, name) {
  return Object.assign(new Error(`getaddrinfo ${failure.code} ${name}`), {
    errno: failure.code === 'ENOTFOUND' ? -3008 : -3001,
    code: failure.code,
    syscall: 'getaddrinfo',
    hostname: name,
  });
}
function lookup(name, options, callback = options) {
  const given =
    typeof options === 'number' ? { family: options } : typeof options === 'object' && options !== null ? options : {};
  const answer = (addresses) => {
    if (given.all)
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    else callback(null, addresses[0], addresses[0].includes(':') ? 6 : 4);
  };
  if (!name) return void require('process').nextTick(callback, null, given.all ? [] : null, 4);
  if (isIp(name)) return void require('process').nextTick(answer, [name]);
  host.async('dns.lookup', [`${name}`], (failure, addresses) =>
    failure ? callback(failureOf(failure, name)) : answer(addresses),
  );
}
const resolve4 = (name, callback) =>
  host.async('dns.lookup', [name], (failure, addresses) => {
    if (!failure) return callback(null, addresses);
    callback(
      Object.assign(new Error(`queryA ${failure.code} ${name}`), {
        code: failure.code,
        syscall: 'queryA',
        hostname: name,
      }),
    );
  });
const promise =
  (fn) =>
  (...args) =>
    new Promise((resolve, reject) =>
      fn(...args, (error, value, family) =>
        error ? reject(error) : resolve(fn === lookup && !args[1]?.all ? { address: value, family } : value),
      ),
    );
module.exports = {
  lookup,
  resolve4,
  resolve: (name, type, callback = type) => resolve4(name, callback),
  resolve6: (name, callback) => callback(null, []),
  getServers: () => [],
  setServers() {},
  setDefaultResultOrder() {},
  getDefaultResultOrder: () => 'verbatim',
  ADDRCONFIG: 32,
  V4MAPPED: 8,
  promises: { lookup: promise(lookup), resolve4: promise(resolve4), resolve: promise(resolve4) },
};
Object.defineProperty(lookup, require('util').promisify.custom, { value: promise(lookup) });
