import { type ReactNode, useState } from 'react';
import { useMay } from '../app/rights.tsx';
import { useLabels } from '../forms/labels/labels.ts';
import { ResourceLink } from './links.tsx';
import { AREAS, type Resource } from './resource.ts';
import { RESOURCES } from './resources.ts';

/** All that the bank has, by area: what the user may ask for. */
export function Overview(): ReactNode {
  const labels = useLabels();
  const may = useMay();
  const [wanted, setWanted] = useState('');
  const isShown = (resource: Resource): boolean => {
    const operation = resource.list ?? resource.record;
    if (operation === undefined || !may(operation)) return false;
    return labels.resource(resource.name).toLowerCase().includes(wanted.trim().toLowerCase());
  };
  return (
    <>
      <h1>{labels.words.everything}</h1>
      <div className="field">
        <label htmlFor="wanted-resource">{labels.words.find}</label>
        <input
          id="wanted-resource"
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </div>
      <div className="columns">
        {AREAS.map((area) => {
          const shown = RESOURCES.filter((resource) => resource.area === area && isShown(resource));
          if (shown.length === 0) return null;
          return (
            <section key={area} id={area}>
              <h2>{labels.area(area)}</h2>
              <ul className="tiles">
                {shown.map((resource) => (
                  <li key={resource.name}>
                    <ResourceLink resource={resource}>{labels.resource(resource.name)}</ResourceLink>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </>
  );
}
