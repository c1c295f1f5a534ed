import { type ReactNode, useId } from 'react';
import { FormContext, useForm } from './context.ts';
import type { Field } from './description.ts';
import { Items } from './items.tsx';
import { Labelled, useError } from './labelled.tsx';
import { plainText } from './plain-text.ts';
import { pathOf } from './read.ts';
import { Scalar } from './scalar.tsx';
import { chosenFields, fieldsOf, shapeOf } from './shapes.ts';
import { blank, blankGroup, isTypedGroup, type Typed, type TypedGroup } from './typed.ts';

type FieldsProps = {
  readonly fields: readonly Field[];
  readonly typed: TypedGroup;
  readonly path?: string;
  readonly hasFocus?: boolean;
  readonly onType: (typed: TypedGroup) => void;
};

/** The fields of a group: first those with one value, side by side, then groups and lists, each in a frame. */
export function Fields({ fields, typed, path = '', hasFocus = false, onType }: FieldsProps): ReactNode {
  const form = useForm();
  const given = typed.currency;
  const currency = typeof given === 'string' && given !== '' ? given.toUpperCase() : form.currency;
  const shown = fields.filter(({ kind }) => kind !== 'constant');
  const [simple, nested] = [shown.filter(isSimple), shown.filter((field) => !isSimple(field))];
  const input = (field: Field, isFirst: boolean): ReactNode => (
    <Input
      key={field.name}
      field={field}
      typed={typed[field.name]}
      path={pathOf(path, field.name)}
      autoFocus={hasFocus && isFirst}
      onType={(value) => onType({ ...typed, [field.name]: value })}
    />
  );
  return (
    <FormContext value={{ ...form, currency }}>
      {simple.length > 0 && (
        <div className="form-grid">{simple.map((field, index) => input(field, index === 0))}</div>
      )}
      {nested.map((field) => input(field, false))}
    </FormContext>
  );
}

function isSimple({ kind }: Field): boolean {
  return !['group', 'choice', 'list', 'texts', 'json'].includes(kind);
}

export type InputProps = {
  readonly field: Field;
  readonly typed: Typed;
  readonly path: string;
  readonly autoFocus?: boolean;
  readonly onType: (typed: Typed) => void;
};

/** One field, whatever its kind. */
export function Input({ field, typed, path, autoFocus, onType }: InputProps): ReactNode {
  switch (field.kind) {
    case 'group':
    case 'choice':
      return <Group field={field} typed={typed} path={path} onType={onType} />;
    case 'list':
    case 'texts':
      return <Items field={field} typed={typed} path={path} onType={onType} />;
    case 'json':
    case 'constant':
      return null;
    default:
      return (
        <Scalar
          field={field}
          typed={typeof typed === 'string' ? typed : ''}
          path={path}
          autoFocus={autoFocus}
          onType={onType}
        />
      );
  }
}

/** A group in a frame. One that is optional is added, and taken away again. */
function Group({ field, typed, path, onType }: InputProps): ReactNode {
  const { labels, shapes } = useForm();
  const error = useError(path);
  const id = useId();
  const name = labels.field(field.name);
  const add = (): void => onType(blank({ ...field, isRequired: true }, shapes));
  return (
    <fieldset className="frame" aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend>{name}</legend>
      {field.help !== undefined && (
        <p className="hint" lang="en">
          {field.help}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="hint wrong">
          {error}
        </p>
      )}
      {isTypedGroup(typed) ? (
        <>
          <GroupFields field={field} typed={typed} path={path} onType={onType} />
          {field.isRequired !== true && (
            <button type="button" className="quiet" onClick={() => onType(undefined)}>
              {labels.words.remove} {name}
            </button>
          )}
        </>
      ) : (
        <button type="button" onClick={add}>
          {labels.words.add} {name}
        </button>
      )}
    </fieldset>
  );
}

type GroupFieldsProps = {
  readonly field: Field;
  readonly typed: TypedGroup;
  readonly path: string;
  readonly hasFocus?: boolean;
  readonly onType: (typed: TypedGroup) => void;
};

/** The fields of a group; of a choice, first what is chosen. */
export function GroupFields({ field, typed, path, hasFocus = false, onType }: GroupFieldsProps): ReactNode {
  const { shapes, labels } = useForm();
  const shape = shapeOf(field, shapes);
  if ('fields' in shape)
    return (
      <Fields
        fields={fieldsOf(field, shapes)}
        typed={typed}
        path={path}
        hasFocus={hasFocus}
        onType={onType}
      />
    );
  const chosen = plainText(typed[shape.by]);
  const chooser: Field = { name: shape.by, kind: 'enum', isRequired: true };
  const choose = (value: string): void =>
    onType({ ...blankGroup(chosenFields(field, value, shapes), shapes), [shape.by]: value });
  return (
    <>
      <Labelled field={chooser} path={pathOf(path, shape.by)}>
        {(input) => (
          <select
            {...input}
            value={chosen}
            autoFocus={hasFocus}
            onChange={(event) => choose(event.target.value)}
          >
            <option value="">{labels.words.notChosen}</option>
            {Object.keys(shape.alternatives).map((value) => (
              <option key={value} value={value}>
                {labels.value(shape.by, value)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Fields fields={chosenFields(field, chosen, shapes)} typed={typed} path={path} onType={onType} />
    </>
  );
}
