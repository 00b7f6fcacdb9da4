/** template: Go's text/template with docker's functions, and Go's JSON and fmt forms of values. */
export { ExecuteError, Template } from './execute.ts';
export { TemplateError } from './node.ts';
export { display, goQuote, sprintf } from './print.ts';
export {
  Float,
  fromPlain,
  goJson,
  goJsonString,
  MarshaledStruct,
  type Method,
  StringMap,
  Struct,
  Time,
  type Value,
  valueFromJson,
} from './value.ts';
