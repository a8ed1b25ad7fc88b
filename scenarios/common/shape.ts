/** Whether a value is a scenario, and if not, everything that is wrong about it, field by field. */

type Fields = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, string>> = {
  integer: 'number',
  duration: 'number',
  rate: 'number',
  think: 'string',
  boolean: 'boolean',
  choice: 'string',
  text: 'string',
};

const REQUIRED: Readonly<Record<string, string>> = {
  id: 'string',
  title: 'string',
  question: 'string',
  service: 'string',
  parameters: 'object',
  headline: 'string',
  idealMs: 'function',
  deadlineMs: 'function',
};

const OPTIONAL: Readonly<Record<string, string>> = {
  serviceSettings: 'function',
  serverOptions: 'function',
  warmupMs: 'function',
  measuredUntilMs: 'function',
  holds: 'boolean',
  ramps: 'boolean',
  client: 'function',
  http: 'function',
};

/** Fields that name a parameter, and the kind that it must be of. */
const NAMES_A_PARAMETER: Readonly<Record<string, string>> = {
  timedBy: 'duration',
  patienceBy: 'duration',
  thinkBy: 'think',
  pacedBy: 'rate',
};

/** One clause for each problem; none for a scenario. */
export function problemsOf(value: unknown): readonly string[] {
  if (!isFields(value)) return ['its default export is no object'];
  return [
    ...Object.entries(REQUIRED).flatMap(([name, type]) => fieldProblem(value, name, type)),
    ...Object.entries(OPTIONAL).flatMap(([name, type]) =>
      value[name] === undefined ? [] : fieldProblem(value, name, type),
    ),
    ...(typeof value['id'] === 'string' && !/^[a-z][a-z0-9-]*$/.test(value['id'])
      ? ['id takes lower-case letters, digits and hyphens, a letter first']
      : []),
    ...loadProblems(value),
    ...metricProblems(value['metrics']),
    ...(isFields(value['parameters']) ? parametersProblems(value, value['parameters']) : []),
  ];
}

/** What makes the load: our own clients, or an HTTP load tool. */
function loadProblems({ client, http }: Fields): readonly string[] {
  if (client === undefined && http === undefined)
    return ['client is missing (or http, for an HTTP load tool)'];
  return client !== undefined && http !== undefined ? ['it has both client and http: leave one out'] : [];
}

function metricProblems(metrics: unknown): readonly string[] {
  if (!Array.isArray(metrics)) return ['metrics must be an array (it may be empty)'];
  return metrics.flatMap((metric: unknown, i) => {
    if (!isFields(metric)) return [`metrics[${i}] is no object`];
    const texts = ['id', 'title', 'unit', 'direction', 'description'];
    const missing = texts.filter((name) => typeof metric[name] !== 'string');
    if (!isFields(metric['source'])) missing.push('source');
    return missing.map((name) => `metrics[${i}].${name} is missing`);
  });
}

function parametersProblems(scenario: Fields, parameters: Fields): readonly string[] {
  const wrong = Object.entries(NAMES_A_PARAMETER).filter(([field, kind]) => {
    const parameter = parameters[String(scenario[field])];
    return scenario[field] !== undefined && !(isFields(parameter) && parameter['kind'] === kind);
  });
  return [
    ...Object.entries(parameters).flatMap(parameterProblems),
    ...wrong.map(([field, kind]) => `${field} must be the name of a parameter of kind ${kind}`),
  ];
}

function parameterProblems([name, parameter]: [string, unknown]): readonly string[] {
  const at = `parameters.${name}`;
  if (!isFields(parameter)) return [`${at} is no object`];
  const type = KINDS[String(parameter['kind'])];
  if (type === undefined) return [`${at}.kind must be one of ${Object.keys(KINDS).join(', ')}`];
  const problems = fieldProblem(parameter, 'default', type).map((problem) => `parameters.${name}.${problem}`);
  if (typeof parameter['description'] !== 'string') problems.push(`${at}.description is missing`);
  if (type === 'number') {
    for (const bound of ['min', 'max']) {
      if (typeof parameter[bound] !== 'number') problems.push(`${at}.${bound} is missing`);
    }
  }
  if (parameter['kind'] === 'choice' && !Array.isArray(parameter['choices']))
    problems.push(`${at}.choices is missing`);
  return problems;
}

function fieldProblem(fields: Fields, name: string, type: string): string[] {
  const value = fields[name];
  if (value === undefined) return [`${name} is missing`];
  const article = type === 'object' ? 'an' : 'a';
  return typeof value === type && value !== null ? [] : [`${name} must be ${article} ${type}`];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
