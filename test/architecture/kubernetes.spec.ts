/** The manifests against the service they start: names of settings, probes, rights. `npm run test:infra` checks their schemas. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/index.js';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'deploy/kubernetes');
const { resources } = parse(readFileSync(resolve(folder, 'kustomization.yaml'), 'utf8')) as {
  resources: string[];
};
const manifests: any[] = resources.flatMap((file) =>
  parseAllDocuments(readFileSync(resolve(folder, file), 'utf8')).map(
    (document) => document.toJS() as unknown,
  ),
);
const ofKind = (kind: string): any[] => manifests.filter((manifest) => manifest.kind === kind);
const deployments = ofKind('Deployment');
const settings = ofKind('ConfigMap')[0].data as Record<string, string>;
const dockerfile = readFileSync(resolve(root, 'Dockerfile'), 'utf8');

describe.each(deployments.map((deployment) => [deployment.metadata.name as string, deployment]))(
  '%s',
  (_, deployment) => {
    const pod = deployment.spec.template.spec;
    const [container] = pod.containers;

    it('is told nothing that the server does not know', () => {
      const secrets = Object.fromEntries(
        container.env
          .filter(({ valueFrom }: any) => valueFrom)
          .map(({ name }: any) => [name, 'x'.repeat(64)] as [string, string]),
      );
      const role = container.env.find(({ name }: any) => name === 'HONUA_ROLE').value;
      const image = Object.fromEntries(
        [...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap(([, line]) =>
          line!.split(' ').map((pair) => pair.split('=') as [string, string]),
        ),
      );
      const config = loadConfig(resolve(root, 'config'), {
        ...image,
        ...settings,
        ...secrets,
        DATABASE_URL: 'postgresql://honua@db/honua',
        HONUA_ROLE: role,
      });
      expect(deployment.metadata.name).toBe(`honua-${config.role}`);
      expect(config.identity.mode).toBe('required');
      expect(config.ledger.key).toBe('x'.repeat(64));
      expect(container.volumeMounts.map(({ mountPath }: any) => mountPath)).toContain(
        resolve(config.processing.artifactStore.folder!, '..'),
      );
      expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(
        config.server.shutdownGrace + 1000 * (container.lifecycle?.preStop.sleep.seconds ?? 0) + 5000,
      );
      expect(container.ports).toEqual([{ name: 'http', containerPort: config.server.port }]);
    });

    it('is asked where the server answers', () => {
      const health = readFileSync(resolve(root, 'src/api/health/health.controller.ts'), 'utf8');
      const routes = [...health.matchAll(/@Get\('(\w+)'\)/g)].map(([, route]) => `/health/${route}`);
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
        expect(routes).toContain(container[probe].httpGet.path);
      expect(container.livenessProbe.httpGet.path).toBe('/health/live');
      expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
    });

    it('is not root, writes to its volumes alone, and has no rights', () => {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(dockerfile).toContain(`USER ${pod.securityContext.runAsUser}:${pod.securityContext.runAsGroup}`);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      const mounted = container.volumeMounts.map(({ name }: any) => name as string);
      expect(mounted).toEqual(pod.volumes.map(({ name }: any) => name as string));
    });

    it('may lose one pod at a time, and is scaled', () => {
      const labels = deployment.spec.selector.matchLabels;
      const budget = ofKind('PodDisruptionBudget').find(({ spec }) =>
        isEqual(spec.selector.matchLabels, labels),
      );
      expect(budget.spec).toMatchObject({ maxUnavailable: 1 });
      const scaler = ofKind('HorizontalPodAutoscaler').find(
        ({ spec }) => spec.scaleTargetRef.name === deployment.metadata.name,
      );
      expect(scaler.spec.minReplicas).toBeGreaterThanOrEqual(2);
      expect(deployment.spec).not.toHaveProperty('replicas');
      expect(deployment.spec.template.metadata.labels).toEqual(labels);
    });
  },
);

it('lets nobody call a pod but the ingress, and that the API alone', () => {
  const policies = ofKind('NetworkPolicy');
  const everybody = policies.find(({ metadata }) => metadata.name === 'honua');
  expect(everybody.spec.policyTypes).toEqual(['Ingress', 'Egress']);
  expect(everybody.spec).not.toHaveProperty('ingress');
  for (const deployment of deployments)
    expect(deployment.spec.template.metadata.labels).toMatchObject(everybody.spec.podSelector.matchLabels);
  const api = policies.find(({ metadata }) => metadata.name === 'honua-api');
  expect(api.spec.podSelector.matchLabels['app.kubernetes.io/component']).toBe('api');
  expect(ofKind('Service')[0].spec.selector).toEqual(api.spec.podSelector.matchLabels);
});

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
