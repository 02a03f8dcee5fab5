import type { Connection, Submittable } from 'pg';

/** A result column as the server describes it before the statement runs. */
export interface ResultField {
  readonly name: string;
  readonly typeId: number;
  readonly typeModifier: number;
}

/**
 * Has the server parse a statement without running it: Parse and Describe of the extended protocol. `done` resolves
 * with the result's columns (none for a statement without a result) and the number of `$1` parameters.
 */
export class ParseStatement implements Submittable {
  readonly #text: string;
  readonly #outcome = Promise.withResolvers<{ fields: ResultField[]; parameters: number }>();
  #fields: ResultField[] = [];
  #parameters = 0;

  constructor(text: string) {
    this.#text = text;
  }

  done(): Promise<{ fields: ResultField[]; parameters: number }> {
    return this.#outcome.promise;
  }

  submit(connection: Connection): void {
    const onParameters = (message: { parameterCount: number }) => {
      this.#parameters = message.parameterCount;
    };
    connection.once('parameterDescription', onParameters);
    connection.once('readyForQuery', () => connection.off('parameterDescription', onParameters));
    connection.parse({ name: '', text: this.#text, types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  }

  handleRowDescription(message: {
    fields: { name: string; dataTypeID: number; dataTypeModifier: number }[];
  }): void {
    this.#fields = message.fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
      name,
      typeId: dataTypeID,
      typeModifier: dataTypeModifier,
    }));
  }

  handleReadyForQuery(): void {
    this.#outcome.resolve({ fields: this.#fields, parameters: this.#parameters });
  }

  handleError(error: Error): void {
    this.#outcome.reject(error);
  }
}
