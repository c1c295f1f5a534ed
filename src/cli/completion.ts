import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELLS)[number];

/** A word that may come next, and what it is about. */
type Word = { readonly text: string; readonly about: string };

/** What may follow a command: at `accounts list`, its options; at `accounts`, its commands too. */
type Place = {
  /** `accounts list`; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly Word[];
  /** Options with a value, and the values they take where these are known. */
  readonly values: ReadonlyMap<string, readonly string[]>;
};

/** A completion script for a shell, made from the commands and options that there are. */
export function completionScript(program: Command, shell: ShellName): string {
  const places = placesOf(program, []);
  switch (shell) {
    case 'bash':
      return bashScript(places);
    case 'zsh':
      return zshScript(places);
    case 'fish':
      return fishScript(places);
  }
}

function placesOf(command: Command, path: readonly string[]): Place[] {
  const options = command.options.filter(
    ({ hidden, long }) => !hidden && long !== null && long !== undefined,
  );
  const place: Place = {
    path: path.join(' '),
    commands: command.commands.map((one) => ({ text: one.name(), about: one.description() })),
    options: [
      ...options.map(({ long, description }) => ({ text: long ?? '', about: description })),
      { text: '--help', about: 'show help' },
    ],
    values: new Map(options.filter(takesValue).map(({ long, argChoices }) => [long ?? '', argChoices ?? []])),
  };
  return [place, ...command.commands.flatMap((one) => placesOf(one, [...path, one.name()]))];
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** Walks the words so far: a command leads to its place, and an option with a value takes the next word along. */
function walk(places: readonly Place[], arrayName: string, first: number): string {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const withValue = new Set(places.flatMap(({ values }) => [...values.keys()]));
  return `  local place='' word next previous='' skip=0
  local -i at
  for ((at = ${first}; at < current; at++)); do
    word="\${${arrayName}[at]}"
    previous="$word"
    if ((skip)); then skip=0; continue; fi
    case "$word" in
      ${[...withValue].join('|')}) skip=1 ;;
      -*) ;;
      *)
        next="\${place:+$place }$word"
        case "$next" in
          ${paths.join('|')}) place="$next" ;;
        esac
        ;;
    esac
  done
`;
}

function choiceCases(places: readonly Place[], line: (values: readonly string[]) => string): string {
  const cases = places.flatMap(({ path, values }) =>
    [...values].map(([option, choices]) => `    '${path} ${option}') ${line(choices)} ;;`),
  );
  return cases.join('\n');
}

function bashScript(places: readonly Place[]): string {
  const words = places.map(({ path, commands, options }) => {
    const texts = [...commands, ...options].map(({ text }) => text);
    return `    '${path}') words='${texts.join(' ')}' ;;`;
  });
  return `# Completion of florin for bash: source <(florin completion bash)
_florin() {
  local current=$COMP_CWORD words=''
${walk(places, 'COMP_WORDS', 1)}
  if ((skip)); then
    case "$place $previous" in
${choiceCases(places, (choices) => `words='${choices.join(' ')}'`)}
    esac
    if [[ -z $words ]]; then COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); return; fi
  else
    case "$place" in
${words.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _florin florin
`;
}

function zshScript(places: readonly Place[]): string {
  const described = places.map(({ path, commands, options }) => {
    const items = [...commands, ...options].map(({ text, about }) => quoted(`${text}:${about}`));
    return `    '${path}') items=(${items.join(' ')}) ;;`;
  });
  return `#compdef florin
# Completion of florin for zsh: source <(florin completion zsh)
_florin() {
  setopt localoptions noksharrays
  local current=$CURRENT
  local -a items
${walk(places, 'words', 2)}
  if ((skip)); then
    case "$place $previous" in
${choiceCases(places, (choices) => `items=(${choices.map(quoted).join(' ')})`)}
    esac
    if ((\${#items} == 0)); then _files; return; fi
  else
    case "$place" in
${described.join('\n')}
    esac
  fi
  _describe 'florin' items
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _florin "$@"; else compdef _florin florin; fi
`;
}

function fishScript(places: readonly Place[]): string {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const withValue = [...new Set(places.flatMap(({ values }) => [...values.keys()]))];
  const choices = places.flatMap(({ path, values }) =>
    [...values].flatMap(([option, known]) =>
      known.length === 0
        ? []
        : [
            `            case ${quoted(`${path} ${option}`)}\n                printf '%s\\n' ${known.map(quoted).join(' ')}`,
          ],
    ),
  );
  const words = places.map(({ path, commands, options }) => {
    const items = [...commands, ...options].map(({ text, about }) => `${quoted(text)} ${quoted(about)}`);
    return `        case ${quoted(path)}\n            printf '%s\\t%s\\n' ${items.join(' ')}`;
  });
  return `# Completion of florin for fish: florin completion fish | source
set -g __florin_paths ${paths.join(' ')}
set -g __florin_with_value ${withValue.join(' ')}
function __florin_words
    set -l place ''
    set -l previous ''
    set -l skip 0
    for word in (commandline -opc)[2..]
        set previous $word
        if test $skip = 1
            set skip 0
        else if contains -- $word $__florin_with_value
            set skip 1
        else if not string match -q -- '-*' $word
            set -l next (string trim "$place $word")
            contains -- $next $__florin_paths; and set place $next
        end
    end
    if test $skip = 1
        switch "$place $previous"
${choices.join('\n')}
            case '*'
                __fish_complete_path (commandline -ct)
        end
        return
    end
    switch "$place"
${words.join('\n')}
    end
end
complete -c florin -f -a '(__florin_words)'
`;
}

/** In single quotes, for all three shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’').replaceAll('\\', '')}'`;
}
