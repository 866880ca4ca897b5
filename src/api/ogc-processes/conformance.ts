const PROCESSES = 'http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf';
const COMMON = 'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf';

/** The conformance classes that hold, each tested in test/conformance. */
export const CONFORMS_TO = [
  `${PROCESSES}/core`,
  `${PROCESSES}/ogc-process-description`,
  `${PROCESSES}/json`,
  `${PROCESSES}/oas30`,
  `${PROCESSES}/html`,
  `${PROCESSES}/job-list`,
  `${PROCESSES}/callback`,
  `${PROCESSES}/dismiss`,
  `${COMMON}/core`,
  `${COMMON}/landing-page`,
  `${COMMON}/json`,
  `${COMMON}/oas30`,
  `${COMMON}/html`,
];
