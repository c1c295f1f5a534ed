import type { ReactNode } from 'react';
import { useForm } from './context.ts';
import type { Field } from './description.ts';
import { GroupFields, Input, type InputProps } from './fields.tsx';
import { useError } from './labelled.tsx';
import { plainText } from './plain-text.ts';
import { blank, isTypedGroup, isTypedList, type Typed } from './typed.ts';

/** A list: items are added and removed. Of an enum, all are there to be ticked. */
export function Items({ field, typed, path, onType }: InputProps): ReactNode {
  const { labels } = useForm();
  const error = useError(path);
  const items = isTypedList(typed) ? typed : [];
  const props = { field, items, path, onType };
  return (
    <fieldset className="frame">
      <legend>
        {labels.field(field.name)}
        {field.isRequired !== true && <span className="optional"> {labels.words.optional}</span>}
      </legend>
      {field.help !== undefined && (
        <p className="hint" lang="en">
          {field.help}
        </p>
      )}
      {error !== undefined && (
        <p className="hint wrong" role="alert">
          {error}
        </p>
      )}
      {field.kind === 'texts' ? (
        <Texts {...props} />
      ) : field.item?.kind === 'enum' ? (
        <Ticks {...props} item={field.item} />
      ) : (
        field.item !== undefined && <Rows {...props} item={field.item} />
      )}
    </fieldset>
  );
}

type ListProps = {
  readonly field: Field;
  readonly items: readonly Typed[];
  readonly path: string;
  readonly onType: (typed: readonly Typed[]) => void;
};

function Ticks({ field, items, item, onType }: ListProps & { readonly item: Field }): ReactNode {
  const { labels } = useForm();
  return (
    <div className="ticks">
      {(item.values ?? []).map((value) => (
        <label key={value} className="choice">
          <input
            type="checkbox"
            checked={items.includes(value)}
            onChange={(event) =>
              onType(event.target.checked ? [...items, value] : items.filter((one) => one !== value))
            }
          />
          {labels.value(field.name, value)}
        </label>
      ))}
    </div>
  );
}

function Rows({ field, items, item, path, onType }: ListProps & { readonly item: Field }): ReactNode {
  const { labels, shapes } = useForm();
  const change = (index: number, value: Typed): void =>
    onType(items.map((one, at) => (at === index ? value : one)));
  const name = (index: number): string => `${labels.field(field.name)} ${index + 1}`;
  return (
    <>
      {items.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place; nothing else tells two blank ones apart.
        <div key={index} className="list-item">
          <div>
            {isTypedGroup(one) ? (
              <fieldset>
                <legend>{name(index)}</legend>
                <GroupFields
                  field={item}
                  typed={one}
                  path={`${path}[${index}]`}
                  onType={(value) => change(index, value)}
                />
              </fieldset>
            ) : (
              <Input
                field={{ ...item, isRequired: true }}
                typed={one}
                path={`${path}[${index}]`}
                onType={(value) => change(index, value)}
              />
            )}
          </div>
          <button
            type="button"
            className="quiet"
            onClick={() => onType(items.filter((_, at) => at !== index))}
          >
            {labels.words.remove}
            <span className="unseen"> {name(index)}</span>
          </button>
        </div>
      ))}
      {items.length < (field.most ?? Infinity) && (
        <button
          type="button"
          onClick={() => onType([...items, blank({ ...item, isRequired: true }, shapes)])}
        >
          {labels.words.add} <span className="unseen"> {labels.field(field.name)}</span>
        </button>
      )}
    </>
  );
}

/** Texts of the bank's own, each under a name. */
function Texts({ field, items, onType }: ListProps): ReactNode {
  const { labels } = useForm();
  const rows = items.filter(isTypedGroup);
  const change = (index: number, part: object): void =>
    onType(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const input = (index: number, name: 'name' | 'value', label: string): ReactNode => (
    <input
      aria-label={`${label} ${index + 1}`}
      placeholder={label}
      value={plainText(rows[index]?.[name])}
      onChange={(event) => change(index, { [name]: event.target.value })}
    />
  );
  return (
    <>
      {rows.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place.
        <div key={index} className="row text-row">
          {input(index, 'name', labels.words.textName)}
          {input(index, 'value', labels.words.textValue)}
          <button
            type="button"
            className="quiet"
            onClick={() => onType(rows.filter((_row, at) => at !== index))}
          >
            {labels.words.remove}
            <span className="unseen">
              {' '}
              {labels.field(field.name)} {index + 1}
            </span>
          </button>
        </div>
      ))}
      <button type="button" onClick={() => onType([...rows, { name: '', value: '' }])}>
        {labels.words.add} <span className="unseen"> {labels.field(field.name)}</span>
      </button>
    </>
  );
}
