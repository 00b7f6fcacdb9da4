import { describe, expect, it } from 'vitest';
import { fromPlain, Template } from '../../src/cli/template/index.ts';

const data = { Name: '/c1', N: 3, F: 1.5, B: true, L: ['a', 'b'], M: { k: 'v', a: 1 }, E: [], S: { T: 'x<y>' } };
const run = (source: string, strict = false): string => {
  try {
    return new Template(source, new Map(), strict).execute(fromPlain(data));
  } catch (error) {
    return `ERR ${(error as Error).message}`;
  }
};

describe('text/template', () => {
  it.each([
    ['{{.Name}}', '/c1'],
    ['{{json .S}}', '{"T":"x<y>"}'],
    ['{{.L}} {{.M}} {{.F}}', '[a b] map[a:1 k:v] 1.5'],
    ['{{range $i, $x := .L}}{{$i}}={{$x}};{{else}}none{{end}}', '0=a;1=b;'],
    ['{{range .E}}x{{else}}none{{end}}', 'none'],
    ['{{range $k, $v := .M}}{{$k}}{{end}}', 'ak'],
    ['{{if and .B (gt .N 2)}}yes{{else if .B}}b{{else}}no{{end}}', 'yes'],
    ['{{with .S}}{{.T}}{{end}} {{- "  z" }}', 'x<y>  z'],
    ['{{define "t"}}[{{.}}]{{end}}{{template "t" .N}}', '[3]'],
    ['{{index .L 1}} {{index .M "k"}} {{len .L}} {{slice "hello" 1 3}}', 'b v 2 el'],
    ['{{printf "%5.1f|%-5s|%05d|%q|%x|%v" .F "ab" .N "q" 255 .L}}', '  1.5|ab   |00003|"q"|ff|[a b]'],
    [
      '{{upper "a"}}{{lower "B"}}{{title "abc"}}{{join .L "-"}}{{split "a,b" ","}}{{pad "x" 1 2}}|{{truncate "hello" 2}}',
      'AbAbca-b[a b] x  |he',
    ],
    ['{{print 1 2 "x" 3}} {{println "a" 1}}', '1 2x3 a 1\n'],
    ['{{html "<a>"}} {{urlquery "a b"}}', '&lt;a&gt; a+b'],
    ['{{$x := 1}}{{$x = 2}}{{$x}}{{/* comment */}}', '2'],
    ['{{range .L}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}', 'a'],
    ['{{.Nosuch}}', '<no value>'],
    ['{{', 'ERR template: :1: unclosed action'],
    ['{{.State', 'ERR template: :1: unclosed action'],
    ['{{range .}}', 'ERR template: :1: unexpected EOF'],
    ['{{nosuchfunc .}}', 'ERR template: :1: function "nosuchfunc" not defined'],
  ])('%s', (source, expected) => expect(run(source)).toBe(expected));

  it.each([
    ['{{.Nosuch}}', 'ERR template: :1:2: executing "" at <.Nosuch>: map has no entry for key "Nosuch"'],
    ['{{.S.Nosuch}}', 'ERR template: :1:4: executing "" at <.S.Nosuch>: map has no entry for key "Nosuch"'],
  ])('missingkey=error: %s', (source, expected) => expect(run(source, true)).toBe(expected));
});
